-- =========================================================
-- Role: hoopdev_analytics_ro_6075a443
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
\set ON_ERROR_STOP on

BEGIN;
COMMENT ON ROLE "hoopdev_analytics_ro_6075a443" IS  E'It''s a \\ role [rolewright acme/access]';
REVOKE "PUBLIC" FROM "hoopdev_analytics_ro_6075a443";
REVOKE "ada@example.com" FROM "hoopdev_analytics_ro_6075a443";
COMMIT;

\connect "analytics"
BEGIN;
SET LOCAL ROLE "Lead ""O'Hara""; DROP";
REVOKE DELETE ON TABLE "public.""; DROP SCHEMA"."ORDER BY; --" FROM "hoopdev_analytics_ro_6075a443";
RESET ROLE;
REVOKE EXECUTE ON ROUTINE "public.""; DROP SCHEMA"."f()"("public.""; DROP SCHEMA"."select") FROM "hoopdev_analytics_ro_6075a443";
REVOKE UPDATE ("select") ON TABLE "public.""; DROP SCHEMA"."ORDER BY; --" FROM "hoopdev_analytics_ro_6075a443";
GRANT CONNECT ON DATABASE "analytics" TO "hoopdev_analytics_ro_6075a443";
GRANT USAGE ON SCHEMA "public.""; DROP SCHEMA" TO "hoopdev_analytics_ro_6075a443";
GRANT SELECT ON TABLE "public.""; DROP SCHEMA"."ORDER BY; --", "public.""; DROP SCHEMA"."sixty-three bytes are the most that a name may have, this has.." TO "hoopdev_analytics_ro_6075a443";
COMMIT;
