# Sourced by the commands in bin/: finds a Python that can run bin/_house and hands over to it.
# The system's own Python comes first, because the packages of bin/packages.txt belong to it.
here=$(dirname -- "$(readlink -f -- "$0")")
command=$(basename -- "$0")

find_python() {
    for python in /usr/bin/python3 /usr/bin/python3.1? /usr/local/bin/python3 python3; do
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && return 0
    done
    return 1
}

if ! find_python; then
    admin=
    [ "$(id -u)" = 0 ] || admin=sudo
    if command -v apt-get >/dev/null && { [ -z "$admin" ] || command -v sudo >/dev/null; }; then
        echo "Python 3.11 or later is missing: installing it with apt." >&2
        { $admin apt-get update -q && $admin apt-get install -q -y --no-install-recommends python3
        } >&2 || true
    fi
    find_python || {
        echo "bin/$command: Python 3.11 or later is needed (Debian 12, Ubuntu 24.04 or later)." >&2
        exit 1
    }
fi
exec "$python" "$here/_house/__main__.py" "$command" "$@"
