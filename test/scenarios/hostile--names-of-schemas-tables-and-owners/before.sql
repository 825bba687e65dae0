CREATE ROLE "Everybody" NOLOGIN;
CREATE ROLE "1st ""group""" NOLOGIN;
CREATE ROLE "Ada@Example.com" LOGIN;
CREATE DATABASE analytics;
-- database: analytics
CREATE SCHEMA "1st";
CREATE TABLE "1st".t (id int);
GRANT USAGE ON SCHEMA "1st" TO "Everybody";
GRANT SELECT ON "1st".t TO "Everybody";
CREATE SCHEMA "Mixed Case" AUTHORIZATION "Ada@Example.com";
CREATE TABLE "Mixed Case"."T" ("ID" serial);
CREATE SCHEMA "select";
CREATE TABLE "select"."group" ("user" int);
GRANT USAGE ON SCHEMA "select" TO "1st ""group""";
GRANT SELECT ON "select"."group" TO "1st ""group""";
CREATE SCHEMA "a.b";
CREATE TABLE "a.b"."c.d" (id int);
-- 63 bytes, of which the last character is one.
CREATE SCHEMA "üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüx";
CREATE TABLE "üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüx"."éééééééééééééééééééééééééééééééx" (id int);
