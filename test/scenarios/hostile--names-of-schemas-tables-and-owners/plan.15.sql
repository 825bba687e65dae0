-- =========================================================
-- Role: hoopdev_analytics_clerk_59257d27
-- Resource: analytics (192.168.18.54:5432)
-- Type: external
-- =========================================================
-- ROLE_PASSWORD_PLACEHOLDER stands for a password that is made at apply time.
\set ON_ERROR_STOP on

BEGIN;
CREATE ROLE "hoopdev_analytics_clerk_59257d27" WITH PASSWORD 'ROLE_PASSWORD_PLACEHOLDER' INHERIT LOGIN;
COMMENT ON ROLE "hoopdev_analytics_clerk_59257d27" IS 'Managed in Git, do not change by hand [rolewright acme/access]';
GRANT "1st ""group""" TO "hoopdev_analytics_clerk_59257d27";
COMMIT;

-- =========================================================
-- Role: hoopdev_analytics_guest_8a3a00e7
-- Resource: analytics (192.168.18.54:5432)
-- Type: external
-- =========================================================
-- ROLE_PASSWORD_PLACEHOLDER stands for a password that is made at apply time.
\set ON_ERROR_STOP on

BEGIN;
CREATE ROLE "hoopdev_analytics_guest_8a3a00e7" WITH PASSWORD 'ROLE_PASSWORD_PLACEHOLDER' INHERIT LOGIN;
COMMENT ON ROLE "hoopdev_analytics_guest_8a3a00e7" IS 'Managed in Git, do not change by hand [rolewright acme/access]';
GRANT "Everybody" TO "hoopdev_analytics_guest_8a3a00e7";
COMMIT;

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
GRANT USAGE ON SCHEMA "1st" TO "hoopdev_analytics_ro_6075a443";
GRANT USAGE ON SCHEMA "Mixed Case" TO "hoopdev_analytics_ro_6075a443";
GRANT USAGE ON SCHEMA "a.b" TO "hoopdev_analytics_ro_6075a443";
GRANT USAGE ON SCHEMA "select" TO "hoopdev_analytics_ro_6075a443";
GRANT USAGE ON SCHEMA "üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüx" TO "hoopdev_analytics_ro_6075a443";
GRANT SELECT ON ALL TABLES IN SCHEMA "1st" TO "hoopdev_analytics_ro_6075a443";
GRANT SELECT ON ALL TABLES IN SCHEMA "Mixed Case" TO "hoopdev_analytics_ro_6075a443";
GRANT SELECT ON ALL TABLES IN SCHEMA "a.b" TO "hoopdev_analytics_ro_6075a443";
GRANT SELECT ON ALL TABLES IN SCHEMA "select" TO "hoopdev_analytics_ro_6075a443";
GRANT SELECT ON ALL TABLES IN SCHEMA "üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüx" TO "hoopdev_analytics_ro_6075a443";
ALTER DEFAULT PRIVILEGES FOR ROLE "Ada@Example.com" IN SCHEMA "Mixed Case" GRANT SELECT ON TABLES TO "hoopdev_analytics_ro_6075a443";
ALTER DEFAULT PRIVILEGES FOR ROLE "postgres" IN SCHEMA "1st" GRANT SELECT ON TABLES TO "hoopdev_analytics_ro_6075a443";
ALTER DEFAULT PRIVILEGES FOR ROLE "postgres" IN SCHEMA "Mixed Case" GRANT SELECT ON TABLES TO "hoopdev_analytics_ro_6075a443";
ALTER DEFAULT PRIVILEGES FOR ROLE "postgres" IN SCHEMA "a.b" GRANT SELECT ON TABLES TO "hoopdev_analytics_ro_6075a443";
ALTER DEFAULT PRIVILEGES FOR ROLE "postgres" IN SCHEMA "select" GRANT SELECT ON TABLES TO "hoopdev_analytics_ro_6075a443";
ALTER DEFAULT PRIVILEGES FOR ROLE "postgres" IN SCHEMA "üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüx" GRANT SELECT ON TABLES TO "hoopdev_analytics_ro_6075a443";
COMMIT;

-- =========================================================
-- Role: hoopdev_analytics_rw_2c764c3a
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
-- ROLE_PASSWORD_PLACEHOLDER stands for a password that is made at apply time.
\set ON_ERROR_STOP on

BEGIN;
CREATE ROLE "hoopdev_analytics_rw_2c764c3a" WITH PASSWORD 'ROLE_PASSWORD_PLACEHOLDER' INHERIT LOGIN;
COMMENT ON ROLE "hoopdev_analytics_rw_2c764c3a" IS 'Managed in Git, do not change by hand [rolewright acme/access]';
COMMIT;

\connect "analytics"
BEGIN;
GRANT CONNECT ON DATABASE "analytics" TO "hoopdev_analytics_rw_2c764c3a";
GRANT USAGE ON SCHEMA "Mixed Case" TO "hoopdev_analytics_rw_2c764c3a";
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA "Mixed Case" TO "hoopdev_analytics_rw_2c764c3a";
GRANT USAGE ON ALL SEQUENCES IN SCHEMA "Mixed Case" TO "hoopdev_analytics_rw_2c764c3a";
ALTER DEFAULT PRIVILEGES FOR ROLE "Ada@Example.com" IN SCHEMA "Mixed Case" GRANT SELECT, INSERT ON TABLES TO "hoopdev_analytics_rw_2c764c3a";
ALTER DEFAULT PRIVILEGES FOR ROLE "Ada@Example.com" IN SCHEMA "Mixed Case" GRANT USAGE ON SEQUENCES TO "hoopdev_analytics_rw_2c764c3a";
ALTER DEFAULT PRIVILEGES FOR ROLE "postgres" IN SCHEMA "Mixed Case" GRANT SELECT, INSERT ON TABLES TO "hoopdev_analytics_rw_2c764c3a";
ALTER DEFAULT PRIVILEGES FOR ROLE "postgres" IN SCHEMA "Mixed Case" GRANT USAGE ON SEQUENCES TO "hoopdev_analytics_rw_2c764c3a";
COMMIT;
