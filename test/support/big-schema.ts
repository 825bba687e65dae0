/** More tables than one transaction takes, on every version: the schema gets its own, before that of the rest of the database. */
export const bigSchema = `create schema big;
  do $$ begin for number in 1..5001 loop execute format('create table big.t%s ()', number); end loop; end $$`;
