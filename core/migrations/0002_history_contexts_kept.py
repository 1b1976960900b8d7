"""Who and why of history cannot be rewritten or deleted, like the history itself."""

from django.db import migrations

INSTALL = """
CREATE FUNCTION core_keep_history_context() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- A context may gain a word while its request runs (who, once a token is read); what it
    -- has said already stays.
    IF TG_OP = 'UPDATE' AND NEW.id = OLD.id AND NEW.created_at = OLD.created_at
       AND jsonb_strip_nulls(OLD.metadata) <@ NEW.metadata THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The context of history cannot be changed or deleted.';
END $$;
CREATE TRIGGER core_keep_history_context BEFORE UPDATE OR DELETE ON pghistory_context
    FOR EACH ROW EXECUTE FUNCTION core_keep_history_context();
"""
REMOVE = """
DROP TRIGGER core_keep_history_context ON pghistory_context;
DROP FUNCTION core_keep_history_context();
"""


class Migration(migrations.Migration):
    """Guards pghistory's table of contexts, which the package itself leaves open."""

    dependencies = [
        ("core", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]
    operations = [migrations.RunSQL(INSTALL, REMOVE)]
