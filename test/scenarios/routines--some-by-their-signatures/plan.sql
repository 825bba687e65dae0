-- =========================================================
-- Role: hoopdev_analytics_app_52fc05d5
-- Resource: analytics (192.168.18.54:5432)
-- Type: managed
-- =========================================================
\set ON_ERROR_STOP on

\connect "analytics"
BEGIN;
GRANT EXECUTE ON ROUTINE api."Odd "" name"(), api.long(api.a_type_with_a_long_name_for_a_signature,api.a_type_with_a_long_name_for_a_signature), api.plus(text,text[]), api.rows(integer), api.total(integer), api.work(integer) TO "hoopdev_analytics_app_52fc05d5";
COMMIT;
