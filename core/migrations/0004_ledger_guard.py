"""What makes the ledger append-only: triggers for everyone, and no rights for the web's role."""

from django.db import migrations

TABLES = ("core_ledgerentry", "core_ledgerseal")

# Added to the numbers of transactions: raised after a restore onto another server, which counts
# from its own beginning. A sequence, because it is in every dump and no row can be locked in it.
OFFSET = """
CREATE SEQUENCE core_ledger_offset MINVALUE 0 START 0;
"""

FUNCTIONS = """
CREATE FUNCTION core_ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is only added to: % refused on %', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION core_ledger_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.at := clock_timestamp();
    NEW.transaction := pg_current_xact_id()::text::bigint
        + (SELECT last_value FROM core_ledger_offset);
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_stamp BEFORE INSERT ON core_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION core_ledger_stamp();
"""

REFUSALS = """
CREATE TRIGGER ledger_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION core_ledger_refuse();
"""

# Every role but the owner keeps reading and adding only, however it is called and whether the
# rights came from default privileges or by hand. Roles that have none yet get none.
REVOKES = """
DO $$
DECLARE held record; who text;
BEGIN
    FOR held IN
        SELECT DISTINCT c.oid::regclass AS thing, c.relkind AS kind, a.grantee
        FROM pg_class c, LATERAL aclexplode(c.relacl) a
        WHERE c.oid IN ('core_ledgerentry'::regclass, 'core_ledgerseal'::regclass,
                        'core_ledger_offset'::regclass)
          AND a.grantee <> c.relowner
    LOOP
        who := CASE held.grantee WHEN 0 THEN 'PUBLIC'
            ELSE quote_ident(pg_get_userbyid(held.grantee)) END;
        IF held.kind = 'S' THEN
            EXECUTE format('REVOKE USAGE, UPDATE ON SEQUENCE %s FROM %s', held.thing, who);
        ELSE
            EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON %s FROM %s',
                held.thing, who);
        END IF;
    END LOOP;
END $$;
"""

UNDO = """
DROP TRIGGER IF EXISTS ledger_kept ON core_ledgerentry;
DROP TRIGGER IF EXISTS ledger_kept ON core_ledgerseal;
DROP TRIGGER IF EXISTS ledger_stamp ON core_ledgerentry;
DROP FUNCTION core_ledger_stamp();
DROP FUNCTION core_ledger_refuse();
DROP SEQUENCE core_ledger_offset;
"""


class Migration(migrations.Migration):
    """Triggers, the offset, and what is taken from every role but the owner."""

    dependencies = [("core", "0003_ledger_and_tables")]

    operations = [
        migrations.RunSQL(
            OFFSET + FUNCTIONS + "".join(REFUSALS.format(table=table) for table in TABLES),
            UNDO,
        ),
        migrations.RunSQL(REVOKES, migrations.RunSQL.noop),
    ]
