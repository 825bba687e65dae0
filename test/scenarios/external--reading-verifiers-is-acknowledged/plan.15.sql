-- =========================================================
-- Role: hoopdev_analytics_app_52fc05d5
-- Resource: analytics (192.168.18.54:5432)
-- Type: external
-- =========================================================
-- ROLE_PASSWORD_PLACEHOLDER stands for a password that is made at apply time.
\set ON_ERROR_STOP on

BEGIN;
CREATE ROLE "hoopdev_analytics_app_52fc05d5" WITH PASSWORD 'ROLE_PASSWORD_PLACEHOLDER' INHERIT LOGIN;
COMMENT ON ROLE "hoopdev_analytics_app_52fc05d5" IS 'Managed in Git, do not change by hand [rolewright acme/access]';
GRANT "pg_read_all_data" TO "hoopdev_analytics_app_52fc05d5";
COMMIT;
