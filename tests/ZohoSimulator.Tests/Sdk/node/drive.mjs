// Drives the simulator with one of Zoho's own SDKs: node drive.mjs <8.0|7.0|6.0> <address>.
// Writes one JSON object a line: the call, and what came of it.
// The SDKs' data centres are https hosts of Zoho. An Environment of our own may be any address, so no proxy and no certificate is needed.
import { createRequire } from "module";
import { mkdtempSync } from "fs";
import { tmpdir } from "os";
import { join, dirname } from "path";
import { pathToFileURL } from "url";

const [version, address] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const name = version === "6.0" ? "@zohocrm/typescript-sdk-6.0" : `@zohocrm/nodejs-sdk-${version}`;
const here = dirname(import.meta.filename ?? new URL(import.meta.url).pathname);
const root = join(here, "node_modules", name, version === "6.0" ? "dist" : "lib");
const folder = mkdtempSync(join(tmpdir(), "leadsync-sdk-"));

const load = async path => {
  const module = await import(pathToFileURL(join(root, `${path}.js`)));
  return module.default ?? module;
};
const api = path => load(`core/com/zoho/crm/api/${path}`);
const print = line => console.log(JSON.stringify(line, (_, value) => typeof value === "bigint" ? `${value}` : value));

let failed = 0;
async function call(what, make, expect) {
  try {
    const response = await make();
    const object = await response?.getObject?.() ?? null;
    const status = response?.getStatusCode?.() ?? null;
    const type = object?.constructor?.name ?? null;
    const problem = await expect(status, object);
    if (problem) failed++;
    print({ call: what, ok: !problem, status, type, problem: problem || undefined });
    return object;
  } catch (error) {
    failed++;
    print({ call: what, ok: false, problem: `${error?.message ?? error} ${JSON.stringify(error?.details ?? null)} ${error?.cause ?? ""}` });
    return null;
  }
}

const parameters = async (...pairs) => {
  const map = new ParameterMap();
  for (const [parameter, value] of pairs) await map.add(parameter, value);
  return map;
};
const is = (wanted, type) => (status, object) =>
  status !== wanted
    ? `status ${status}, not ${wanted}`
    : type && object?.constructor?.name !== type ? `${object?.constructor?.name}, not ${type}` : "";
const all = (list, ofType) => list.map(item => item?.constructor?.name).every(type => type === ofType) ? "" : `not all are ${ofType}`;
const and = (...checks) => async (status, object) => {
  for (const check of checks) {
    const problem = await check(status, object);
    if (problem) return problem;
  }
  return "";
};

// The SDKs' modules import each other in circles: only from their front door do they load in an order that works.
await load("index");

// Initialise.
const { Environment } = await load("routes/dc/environment");
const { OAuthBuilder } = await load("models/authenticator/oauth_builder");
const { InitializeBuilder } = await load("routes/initialize_builder");
const { FileStore } = await load("models/authenticator/store/file_store");
const { ParameterMap } = await load("routes/parameter_map");
const { HeaderMap } = await load("routes/header_map");
const { Choice } = await load("utils/util/choice");
await call("initialize", async () => {
  const token = new OAuthBuilder()
    .clientId("1000.SIMULATOR").clientSecret("simulator-secret").refreshToken("1000.simulator.refresh").build();
  const builder = await new InitializeBuilder();
  builder.environment(new Environment(address, `${address}/oauth/v2/token`, address));
  builder.token(token);
  builder.store(new FileStore(join(folder, "tokens.txt")));
  builder.resourcePath(folder);
  await builder.initialize();
  return { getStatusCode: () => 200, getObject: () => null };
}, is(200));

// Fields.
const fields = await api("fields/fields_operations");
await call("getFields", async () => {
  return new fields.FieldsOperations().getFields(await parameters([fields.GetFieldsParam.MODULE, "Leads"]));
}, and(is(200, "ResponseWrapper"), (_, body) => {
  const list = body.getFields();
  const missing = list.filter(one => !one?.getAPIName?.()).length;
  return missing > 0 ? `${missing} of ${list.length} fields come back as nothing` : list.length < 70 ? `only ${list.length} fields` : "";
}));

// Notifications.
const watch = await api("notifications/notifications_operations");
const { Notification } = await api("notifications/notification");
const { BodyWrapper: WatchBody } = await api("notifications/body_wrapper");
const channel = (id, change = () => {}) => {
  const notification = new Notification();
  notification.setChannelId(`${id}`);
  notification.setEvents(["Leads.create", "Leads.edit", "Leads.delete"]);
  notification.setNotifyUrl("https://sync.example.org/zoho/notify?k=secret");
  notification.setToken("a-token");
  notification.setChannelExpiry(new Date(Date.now() + 3_600_000));
  change(notification);
  const body = new WatchBody();
  body.setWatch([notification]);
  return body;
};
const watched = (key = "getWatch") => (_, body) => all(body[key](), "SuccessResponse");
const notifications = () => new watch.NotificationsOperations();
await call("enableNotifications", () => notifications().enableNotifications(channel(1000000068001n)),
  and(is(201, "ActionWrapper"), watched()));
await call("getNotifications", async () =>
  notifications().getNotifications(await parameters([watch.GetNotificationsParam.CHANNEL_ID, 1000000068001n])),
  and(is(200, "ResponseWrapper"), (_, body) => body.getWatch().length === 1 ? "" : "not one channel"));
await call("updateNotifications", () => notifications().updateNotifications(channel(1000000068001n)),
  and(is(200, "ActionWrapper"), watched()));
await call("updateNotification", () => notifications().updateNotification(channel(1000000068001n)),
  and(is(200, "ActionWrapper"), watched()));
await call("disableNotification", () => notifications().disableNotification(channel(1000000068001n, one => {
  one.setEvents(["Leads.create"]);
  (one.setDeleteEvents ?? one.setDeleteevents).call(one, new Choice(true));
})), and(is(200, "ActionWrapper"), watched()));
await call("updateNotifications of an unknown channel", () => notifications().updateNotifications(channel(99n)), is(400));
await call("deleteNotification", async () =>
  notifications().deleteNotification(await parameters([watch.DeleteNotificationParam.CHANNEL_IDS, 1000000068001n])),
  and(is(200, "ActionWrapper"), watched()));
await call("getNotifications of none", () => notifications().getNotifications(new ParameterMap()), is(204));

// Bulk read.
const bulk = await api("bulk_read/bulk_read_operations");
const { BodyWrapper: BulkBody } = await api("bulk_read/body_wrapper");
const { Query } = await api("bulk_read/query");
const { Criteria } = await api("bulk_read/criteria");
const { CallBack } = await api("bulk_read/call_back");
const { MinifiedModule } = await api("modules/minified_module").catch(() => ({}));
const { MinifiedField } = await api("fields/minified_field").catch(() => ({}));
const { Modules } = await api("modules/modules").catch(() => ({}));
const module = () => {
  const one = new (MinifiedModule ?? Modules)();
  one.setAPIName("Leads");
  return one;
};
const query = async change => {
  const one = new Query();
  await change(one);
  const body = new BulkBody();
  await body.setQuery(one);
  return body;
};
const created = and(is(201, "ActionWrapper"), (_, body) => all(body.getData(), "SuccessResponse"));
const idOf = body => body?.getData()[0].getDetails().get("id");
const completed = async id => {
  for (let turn = 0; turn < 100; turn++) {
    const response = await new bulk.BulkReadOperations().getBulkReadJobDetails(BigInt(id));
    const job = response.getObject().getData()[0];
    if (["COMPLETED", "FAILURE"].includes(job.getState().getValue())) return response;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  throw new Error("the job did not end");
};
const first = idOf(await call("createBulkReadJob", async () => {
  const body = await query(async one => {
    await one.setModule(module());
    one.setFields(["Last_Name", "Company", "Modified_Time"]);
    one.setPage(1);
    const criteria = new Criteria();
    if (MinifiedField) {
      const modified = new MinifiedField();
      modified.setAPIName("Modified_Time");
      await criteria.setField(modified);
    } else {
      criteria.setAPIName("Modified_Time");
    }
    criteria.setComparator(new Choice("greater_equal"));
    criteria.setValue("2000-01-01T00:00:00+00:00");
    await one.setCriteria(criteria);
  });
  const callback = new CallBack();
  callback.setUrl("https://sync.example.org/zoho/bulk?k=secret");
  callback.setMethod(new Choice("post"));
  await body.setCallback(callback);
  body.setFileType(new Choice("csv"));
  return new bulk.BulkReadOperations().createBulkReadJob(body);
}, created));
const job = await call("getBulkReadJobDetails", () => completed(first), and(is(200, "ResponseWrapper"), (_, body) => {
  const result = body.getData()[0].getResult();
  return result?.getCount() > 0 && result.getMoreRecords() === true
    ? ""
    : "the result does not say how many rows there are, or that there are more";
}));
await call("downloadResult", () => new bulk.BulkReadOperations().downloadResult(BigInt(first)), is(200, "FileBodyWrapper"));
await call("createBulkReadJob with a page token", async () => version === "6.0"
  ? new bulk.BulkReadOperations().createBulkReadJob(await query(async one => { await one.setModule(module()); one.setPage(2); }))
  : new bulk.BulkReadOperations().createBulkReadJob(
    await query(async one => one.setPageToken(job.getData()[0].getResult().getNextPageToken()))), created);
await call("getBulkReadJobDetails of an unknown job", () => new bulk.BulkReadOperations().getBulkReadJobDetails(1n), is(404));

// Records.
const record = await api("record/record_operations");
const { Record } = await api("record/record");
const { BodyWrapper: RecordBody } = await api("record/body_wrapper");
const leads = () => new record.RecordOperations("Leads");
const bodyOf = values => {
  const one = new Record();
  for (const [key, value] of Object.entries(values)) one.addKeyValue(key, value);
  const body = new RecordBody();
  body.setData([one]);
  return body;
};
const written = (_, body) => all(body.getData(), "SuccessResponse");
const doe = { Last_Name: "Doe", Company: "Zylker", Email: "sdk@example.org" };
const lead = idOf(await call("createRecords",
  () => leads().createRecords(bodyOf({ ...doe, Briefing: `<b>${"x".repeat(2000)}</b>` })),
  and(is(201, "ActionWrapper"), written)));
const shown = [
  "Last_Name", "Owner", "Tag", "Territories", "Layout", "Modified_Time", "Briefing", "Products_Of_Interest", "Open_Deals", "Annual_Revenue",
].join(",");
await call("getRecords", async () => leads().getRecords(
  await parameters([record.GetRecordsParam.FIELDS, shown], [record.GetRecordsParam.PER_PAGE, 50]), new HeaderMap()),
  and(is(200, "ResponseWrapper"), (_, body) => body.getData().every(one => one.getId()) ? "" : "a record has no id"));
await call("getRecords with approved and converted", async () => leads().getRecords(
  await parameters(
    [record.GetRecordsParam.FIELDS, "Last_Name"], [record.GetRecordsParam.APPROVED, "both"], [record.GetRecordsParam.CONVERTED, "both"]),
  new HeaderMap()), is(200, "ResponseWrapper"));
await call("getRecord", () => leads().getRecord(BigInt(lead), new ParameterMap(), new HeaderMap()),
  and(is(200, "ResponseWrapper"), (_, body) =>
    body.getData()[0].getKeyValue("Briefing")?.length === 500 ? "" : "a rich text is not cut to 500 characters"));
await call("getRecord of an unknown id", () => leads().getRecord(1n, new ParameterMap(), new HeaderMap()), is(204));
await call("updateRecord", () => leads().updateRecord(BigInt(lead), bodyOf({ Company: "Zylker Ltd" }), new HeaderMap()),
  and(is(200, "ActionWrapper"), written));
await call("upsertRecords", () => {
  const body = bodyOf(doe);
  body.setDuplicateCheckFields(["Email"]);
  return leads().upsertRecords(body, new HeaderMap());
}, and((status, object) => is([200, 201].includes(status) ? status : 200, "ActionWrapper")(status, object), written));
const isWhole = (_, body) => body.getData()[0].getKeyValue("Briefing")?.length === 2007 ? "" : "the rich text is not in full";
if (leads().getFullDataForRichText) {
  await call("getFullDataForRichText", () => leads().getFullDataForRichText(BigInt(lead), new ParameterMap()),
    and(is(200, "ResponseWrapper"), isWhole));
}
if (leads().getRichTextRecords) {
  await call("getRichTextRecords", async () =>
    leads().getRichTextRecords(await parameters([record.GetRichTextRecordsParam.IDS, `${lead}`])),
    and(is(200, "ResponseWrapper"), isWhole));
}
await call("recordCount", () => leads().recordCount(new ParameterMap()), is(200, "CountWrapper"));
await call("deleteRecord", () => leads().deleteRecord(BigInt(lead), new ParameterMap(), new HeaderMap()),
  and(is(200, "ActionWrapper"), written));
await call("getDeletedRecords", async () =>
  leads().getDeletedRecords(await parameters([record.GetDeletedRecordsParam.TYPE, "all"]), new HeaderMap()),
  and(is(200, "DeletedRecordsWrapper"), (_, body) =>
    body.getData().some(one => `${one.getId()}` === `${lead}`) ? "" : "the deleted lead is not listed"));

// COQL.
const coql = await api("coql/coql_operations").catch(() => api("query/query_operations"));
const { BodyWrapper: CoqlBody } = await api("coql/body_wrapper").catch(() => api("query/body_wrapper"));
await call("COQL", () => {
  const body = new CoqlBody();
  body.setSelectQuery("select Last_Name, Modified_Time from Leads where id is not null limit 5");
  const operations = new (coql.CoqlOperations ?? coql.QueryOperations)();
  return (operations.getRecords ?? operations.queryRecords).call(operations, body);
}, is(200, "ResponseWrapper"));

print({ version, failed });
process.exit(failed === 0 ? 0 : 1);
