-- =========================================================
-- Role: hoopdev_analytics_ro_6075a443
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
-- ROLE_PASSWORD_PLACEHOLDER stands for a password that is made at apply time.
\set ON_ERROR_STOP on

BEGIN;
CREATE ROLE "hoopdev_analytics_ro_6075a443" WITH PASSWORD 'ROLE_PASSWORD_PLACEHOLDER' INHERIT LOGIN;
COMMENT ON ROLE "hoopdev_analytics_ro_6075a443" IS 'Managed in Git, do not change by hand [rolewright acme/access]';
COMMIT;

\connect "analytics"
BEGIN;
GRANT CONNECT ON DATABASE "analytics" TO "hoopdev_analytics_ro_6075a443";
GRANT USAGE ON SCHEMA "public" TO "hoopdev_analytics_ro_6075a443";
GRANT SELECT ON ALL TABLES IN SCHEMA "public" TO "hoopdev_analytics_ro_6075a443";
COMMIT;

-- =========================================================
-- Role: hoopdev_analytics_old_7a6860f3
-- Resource: analytics (192.168.18.54:5432)
-- Type: orphaned
-- =========================================================
\set ON_ERROR_STOP on

BEGIN;
ALTER ROLE "hoopdev_analytics_old_7a6860f3" WITH NOLOGIN;
ALTER ROLE "hoopdev_analytics_old_7a6860f3" WITH PASSWORD NULL;
REVOKE U&"lead\000a" FROM "hoopdev_analytics_old_7a6860f3";
REVOKE CREATE ON DATABASE "analytics" FROM "hoopdev_analytics_old_7a6860f3";
COMMIT;

BEGIN;
SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE usename::text = 'hoopdev_analytics_old_7a6860f3';
COMMIT;

\connect "analytics"
BEGIN;
ALTER DEFAULT PRIVILEGES FOR ROLE U&"lead\000a" IN SCHEMA U&"in\200b" REVOKE SELECT ON TABLES FROM "hoopdev_analytics_old_7a6860f3";
REVOKE SELECT ON TABLE "public".U&"evil\0009tab" FROM "hoopdev_analytics_old_7a6860f3";
REASSIGN OWNED BY "hoopdev_analytics_old_7a6860f3" TO "app_owner";
DROP OWNED BY "hoopdev_analytics_old_7a6860f3";
COMMIT;

\connect "postgres"
BEGIN;
DROP ROLE "hoopdev_analytics_old_7a6860f3";
COMMIT;
