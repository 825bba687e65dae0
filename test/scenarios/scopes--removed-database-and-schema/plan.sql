-- =========================================================
-- Role: hoopdev_analytics_rw_2c764c3a
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
\set ON_ERROR_STOP on

BEGIN;
REVOKE CONNECT ON DATABASE "legacy" FROM "hoopdev_analytics_rw_2c764c3a";
COMMIT;

\connect "analytics"
BEGIN;
REVOKE USAGE ON SCHEMA "sales" FROM "hoopdev_analytics_rw_2c764c3a";
REVOKE INSERT, SELECT ON ALL TABLES IN SCHEMA "sales" FROM "hoopdev_analytics_rw_2c764c3a";
REVOKE USAGE ON SEQUENCE "sales"."orders_id_seq" FROM "hoopdev_analytics_rw_2c764c3a";
COMMIT;

\connect "legacy"
BEGIN;
ALTER DEFAULT PRIVILEGES FOR ROLE "postgres" IN SCHEMA "public" REVOKE SELECT ON TABLES FROM "hoopdev_analytics_rw_2c764c3a";
REVOKE USAGE ON SCHEMA "public" FROM "hoopdev_analytics_rw_2c764c3a";
REVOKE INSERT, SELECT ON ALL TABLES IN SCHEMA "public" FROM "hoopdev_analytics_rw_2c764c3a";
COMMIT;
