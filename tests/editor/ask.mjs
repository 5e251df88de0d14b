// Asks a real yaml-language-server about files: reads {"files": [path], "complete": [{file, line, column}]}
// from standard input (lines and columns from 1), writes {"diagnostics": {path: [{line, message}]},
// "completions": [[label]]}.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const wanted = JSON.parse(readFileSync(0, "utf8"));
const from = createRequire(new URL(`file://${process.argv[2] ?? process.cwd()}/`));
const server = spawn(process.execPath, [from.resolve("yaml-language-server/out/server/src/server.js"), "--stdio"], {
  stdio: ["pipe", "pipe", "inherit"],
});
const settings = {
  yaml: { validate: true, completion: true, hover: false, schemaStore: { enable: false }, schemas: {} },
};

let next = 1;
const waiting = new Map();
const told = new Map();
const send = (message) => {
  const body = JSON.stringify({ jsonrpc: "2.0", ...message });
  server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
};
const ask = (method, params) =>
  new Promise((resolve) => {
    waiting.set(next, resolve);
    send({ id: next++, method, params });
  });
const tell = (method, params) => send({ method, params });

function heard(message) {
  if (message.id !== undefined && message.method === undefined) {
    waiting.get(message.id)?.(message.result);
    waiting.delete(message.id);
  } else if (message.method === "workspace/configuration") {
    const one = (item) => (item.section ? settings[item.section] ?? null : settings);
    send({ id: message.id, result: message.params.items.map(one) });
  } else if (message.id !== undefined) {
    send({ id: message.id, result: null });
  } else if (message.method === "textDocument/publishDiagnostics") {
    told.get(message.params.uri)?.(message.params.diagnostics);
  }
}

let buffer = Buffer.alloc(0);
server.stdout.on("data", (chunk) => {
  buffer = Buffer.concat([buffer, chunk]);
  for (;;) {
    const head = buffer.indexOf("\r\n\r\n");
    if (head < 0) return;
    const length = Number(/Content-Length: (\d+)/i.exec(buffer.subarray(0, head).toString())[1]);
    if (buffer.length < head + 4 + length) return;
    const body = buffer.subarray(head + 4, head + 4 + length).toString();
    buffer = buffer.subarray(head + 4 + length);
    heard(JSON.parse(body));
  }
});

await ask("initialize", {
  processId: process.pid,
  rootUri: null,
  capabilities: {
    workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } },
    textDocument: { completion: { completionItem: { snippetSupport: false } }, publishDiagnostics: {} },
  },
});
tell("initialized", {});
tell("workspace/didChangeConfiguration", { settings });

const out = { diagnostics: {}, completions: [] };
const open = new Set();
async function look(file) {
  const uri = pathToFileURL(file).toString();
  if (open.has(uri)) return uri;
  open.add(uri);
  const found = new Promise((resolve) => told.set(uri, resolve));
  tell("textDocument/didOpen", {
    textDocument: { uri, languageId: "yaml", version: 1, text: readFileSync(file, "utf8") },
  });
  const diagnostics = await found;
  out.diagnostics[file] = diagnostics.map(({ range, message }) => ({ line: range.start.line + 1, message }));
  return uri;
}
for (const file of wanted.files) await look(file);
for (const { file, line, column } of wanted.complete ?? []) {
  const uri = await look(file);
  const answer = await ask("textDocument/completion", {
    textDocument: { uri },
    position: { line: line - 1, character: column - 1 },
  });
  out.completions.push((answer?.items ?? answer ?? []).map((item) => item.label));
}
process.stdout.write(JSON.stringify(out), () => process.exit(0));
