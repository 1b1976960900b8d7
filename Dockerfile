# The product as one image; docker-compose.yml says which process each container is.
# The system packages are those of bin/packages.txt that a process needs (tests/house/test_compose.py
# compares), on the same Debian as bin/run.

FROM debian:12-slim AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      ca-certificates gcc libc6-dev libpq-dev python3-dev python3-venv \
 && rm -rf /var/lib/apt/lists/*
RUN python3 -m venv /opt/venv
COPY requirements.txt /tmp/requirements.txt
RUN /opt/venv/bin/pip install --no-cache-dir --require-hashes -r /tmp/requirements.txt

FROM debian:12-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      ca-certificates libfontconfig1 libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
      libpq5 postgresql-client-15 python3 tzdata \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /srv/engagement --shell /usr/sbin/nologin engagement
COPY --from=build /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    ENGAGEMENT_MODE=production \
    ENGAGEMENT_VAR=/srv/engagement/var
WORKDIR /srv/engagement
COPY . .
# Static files are made here, once. The values below exist during this line only, and serve nobody.
RUN python -m compileall -q /srv/engagement \
 && ENGAGEMENT_SECRET_KEY=only-while-the-image-is-built ENGAGEMENT_HOSTS=build.invalid \
    DATABASE_URL=postgis://nobody@/none?host=/nowhere \
    python manage.py collectstatic --no-input --verbosity 0 \
 && mkdir -p var/files var/scheduler \
 && chown -R engagement:engagement var/files var/scheduler \
 && chmod 700 var/files var/scheduler
USER engagement
EXPOSE 8000
CMD ["gunicorn", "engagement.wsgi", "--bind", "0.0.0.0:8000", "--workers", "4", "--worker-class", "sync", "--timeout", "60", "--graceful-timeout", "5", "--no-control-socket", "--preload", "--access-logfile", "-", "--logger-class", "engagement.logs.AccessLogger"]
