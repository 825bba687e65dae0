CREATE DATABASE analytics;
-- database: analytics
CREATE TABLE events (id int);
CREATE TEMPORARY TABLE not_ours (id int);
CREATE UNLOGGED TABLE fast (id int);
CREATE TABLE parent (id int);
CREATE TABLE child () INHERITS (parent);
