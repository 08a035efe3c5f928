// PostGraphile 5 over the product's own tables, as its manual sets it up: the recommended preset, the usual plugin for
// filters, no GraphiQL. It connects as the application role; pgSettings set the tenant in the transaction of each
// request, so the same row level security holds. It knows no keys and no permissions.
// Run by: node postgraphile.js PORT TENANT, with DATABASE_URL.
import { createServer } from "node:http";
import { grafserv } from "grafserv/node";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { PostGraphileConnectionFilterPreset } from "postgraphile-plugin-connection-filter";

const [port, tenant] = process.argv.slice(2);
const settings = { "app.tenant_id": tenant };
const preset = {
  extends: [PostGraphileAmberPreset, PostGraphileConnectionFilterPreset],
  pgServices: [makePgService({ connectionString: process.env.DATABASE_URL, schemas: ["public"] })],
  grafast: { context: () => ({ pgSettings: settings }) },
  disablePlugins: ["PgIndexBehaviorsPlugin"], // or it would neither filter nor order by columns without an index
  grafserv: { graphiql: false, watch: false, websockets: false },
};
const instance = postgraphile(preset);
const server = createServer();
await instance.createServ(grafserv).addTo(server);
server.listen(Number(port), "127.0.0.1");
