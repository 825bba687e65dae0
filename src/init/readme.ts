// README.md of an access repository: what to set up, once, and how to work with it.
import { adminSql, plannerSql } from "./bootstrap-sql.ts";
import { applyEnvironment, applyRunnerOf, isOwnRunner, planEnvironment, type WorkflowOptions } from "./workflow-parts.ts";

export type ReadmeInput = {
  readonly options: WorkflowOptions;
  /** Of the plan workflow's check run. */
  readonly checkName: string;
  readonly mark: string;
  /** Where the documentation of the pinned version is. */
  readonly documentation: string;
};

/** Where a runner of one's own delivers passwords, outside of every checkout. */
export const ownStore = "/var/lib/rolewright/credentials";

export function readme(input: ReadmeInput): string {
  return `<!-- ${input.mark} -->

# Access to our databases

Who may do what on which PostgreSQL server, as files. [rolewright](${input.documentation}/README.md)
plans a change on its pull request and applies exactly what was reviewed when it is merged.

| file              | says                                                                    |
| ----------------- | ----------------------------------------------------------------------- |
| \`inventory.csv\`   | the servers: name, type, host, port                                     |
| \`roles.csv\`       | the roles on them: scopes are \`database\` or \`database.schema\`, with \`;\` |
| \`access.yaml\`     | which people may use which role                                         |
| \`rolewright.yaml\` | settings                                                                |

\`\`\`csv
name,type,host,port
analytics,PostgreSQL,analytics.db.example.com,5432
\`\`\`

\`\`\`csv
resource_name,type,role,scopes,permissions,source_role
analytics,managed,ro,app.public;app.reporting,SELECT,
analytics,external,monitor,,,pg_monitor
\`\`\`

A new server goes first, in a pull request of its own: a plan connects only to what the ${code(input.options.defaultBranch)} branch already names.

${setUp(input)}
${bootstrap()}`;
}

function setUp({ options, checkName, documentation }: ReadmeInput): string {
  const branch = code(options.defaultBranch);
  return `## Ten steps to set it up

\`rolewright doctor\` looks at all of this and says what is missing.

1. **Look over the files** and fill in whatever says \`OWNER\`: the commit of rolewright's Action that you trust, and the team that owns these
   files. Commit, and push to ${branch}: \`rolewright init\` has said how.
2. **Give every server a planner**, which may only CONNECT, and an **admin account**: the SQL is below. Neither is a superuser.
${runners(options)}4. **Make the environment \`${planEnvironment}\`** (Settings → Environments). Deployment branches and tags: selected, with the patterns
   \`refs/pull/*/merge\`, \`gh-readonly-queue/${options.defaultBranch}/*\` and \`${options.defaultBranch}\`. No reviewers.
5. **Its secret \`ROLEWRIGHT_PLANNER_CSV\`**: the lines \`resource_name,username,password\` for the planners.
6. **Make the environment \`${applyEnvironment}\`**. Deployment branches and tags: selected, with \`${options.defaultBranch}\` only. Required reviewers, where your
   GitHub plan has them, and no self-review: they are asked before every apply.
7. **Its secret \`ROLEWRIGHT_ADMIN_CSV\`**: the same lines for the admin accounts. Never a secret of the repository: every branch could read it.
8. **Rules for ${branch}** (Settings → Rules → Rulesets), without bypass: require a pull request with 1 approval, dismiss stale approvals, require
   approval of the most recent push, require review from code owners, block force pushes, restrict deletions.
9. **The required check** in the same ruleset: \`${checkName}\`, source GitHub Actions. Type the name: it appears in the list only
   after the first plan.
10. **Actions settings**: default permissions of the token to read, allow only actions that you have chosen, require approval for outside
    contributors. Then run \`rolewright doctor\`, and open the first pull request.

[How the Action works, and what it protects from](${documentation}/docs/action.md).
`;
}

function runners(options: WorkflowOptions): string {
  const { runner } = options;
  const applying = applyRunnerOf(options);
  const isShared = isOwnRunner(runner) && runner.join() === applying.join();
  return `3. **Set up the runners**: ${code(runner.join(", "))} plans, ${code(applying.join(", "))} applies${isShared ? ", the same runner" : ""}. Both must reach the servers.
   Whoever may push a branch can change what the plan's job runs. So what applies needs a machine of its own, or at least another user of the
   system that the plan's user cannot become; the plan's runner is best made anew for each job (\`config.sh --ephemeral\`).${isShared ? sharedAdvice : ""}
   Generated passwords are delivered to the folder \`credentials.store\` of \`rolewright.yaml\`, and nowhere else. The runner that applies must keep it
   for good: one of GitHub's own forgets it with the job. ${isOwnRunner(applying) ? storeSteps : "Back it up."}
   Runners of your own need version 2.327.1 or newer, and belong to private repositories only.
`;
}

const sharedAdvice = `
   With one runner for both, such a person reads every password that was delivered there and can wait for the admin accounts:
   \`rolewright init --force --apply-runner self-hosted,pg-apply\`.`;

const storeSteps = `Make it, for the user that the runner runs as (here \`runner\`), and back it up:

   \`\`\`sh
   sudo install -d -m 0700 -o runner ${ownStore}
   \`\`\`
`;

function bootstrap(): string {
  return `## The logins of a server

Run in psql by a superuser, or by the administrator that your provider gives you. \`\\password\` asks for the password and sends only its verifier.

The planner:

${sql(plannerSql())}
The admin account, on PostgreSQL 16 and newer:

${sql(adminSql("16 and newer"))}
The admin account, on PostgreSQL 14 and 15:

${sql(adminSql("14 and 15"))}
Where a superuser owns what is in scope, give it to an ordinary role first (\`ALTER DATABASE app OWNER TO app_owner\`, and the same for schemas and
tables): nobody can be given a superuser's right to grant. What a plan needs beyond this, such as a grant that somebody else has made,
rolewright names before it changes anything, with the SQL for it.
`;
}

function sql(text: string): string {
  return `\`\`\`sql\n${text}\`\`\`\n`;
}

function code(text: string): string {
  return `\`${text}\``;
}
