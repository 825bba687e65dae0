// How a routine is named in every query and statement: two stages ask by it, so that both have to read the same.

/**
 * SQL of the signature of `p`, a row of pg_proc: what `regprocedure` prints under an empty search path. It tells overloads apart, and may
 * be longer than a name (F16). Not the cast itself, which fails on an argument type that is gone, even one that another session dropped a
 * moment ago (F63); format_type says `???`.
 * Beside a procedure with OUT arguments of the same name, the arguments say IN: ROUTINE p(integer) could mean p(OUT integer), too.
 */
export const routineSignature = `(
  SELECT quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '(' || COALESCE(string_agg(
    CASE WHEN EXISTS (SELECT FROM pg_proc other WHERE other.proname = p.proname AND other.pronamespace = p.pronamespace AND other.oid <> p.oid
      AND other.prokind = 'p' AND other.proallargtypes IS NOT NULL) THEN 'IN ' ELSE '' END || format_type(a.type, NULL), ',' ORDER BY a.at), '') || ')'
  FROM pg_namespace n LEFT JOIN unnest(p.proargtypes) WITH ORDINALITY AS a (type, at) ON true
  WHERE n.oid = p.pronamespace GROUP BY n.nspname)`;
