CREATE DATABASE "a=b dbname=postgres";
CREATE DATABASE "postgresql://elsewhere/x";
CREATE DATABASE "it's ""quoted"" \ and back";
CREATE DATABASE "-c";
CREATE DATABASE "Ünïcode 😀";
-- database: "a=b dbname=postgres"
CREATE TABLE t (id int);
-- database: "postgresql://elsewhere/x"
CREATE TABLE t (id int);
-- database: "it's \"quoted\" \\ and back"
CREATE TABLE t (id int);
-- database: "-c"
CREATE TABLE t (id int);
-- database: "Ünïcode 😀"
CREATE TABLE t (id int);
