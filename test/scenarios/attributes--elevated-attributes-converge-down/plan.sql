-- =========================================================
-- Role: hoopdev_analytics_ro_6075a443
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
\set ON_ERROR_STOP on

BEGIN;
ALTER ROLE "hoopdev_analytics_ro_6075a443" WITH NOBYPASSRLS;
ALTER ROLE "hoopdev_analytics_ro_6075a443" WITH NOCREATEDB;
ALTER ROLE "hoopdev_analytics_ro_6075a443" WITH NOCREATEROLE INHERIT LOGIN;
ALTER ROLE "hoopdev_analytics_ro_6075a443" WITH NOREPLICATION;
ALTER ROLE "hoopdev_analytics_ro_6075a443" WITH NOSUPERUSER;
COMMIT;
