// Grades pages by MDN's HTTP Observatory: node scan.mjs ORIGIN < [{"path","cookie"}] > [{"path","grade","score","failed"}]
//
// The server speaks HTTP behind a proxy that ends TLS; this stands in for that proxy, with a certificate for localhost that
// only this process trusts.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const origin = new URL(process.argv[2]);
const here = fileURLToPath(import.meta.url);

// Node reads what it trusts when it starts: begin again with our certificate.
if (!process.env.SCAN_FOLDER) {
  const { generate } = await import('selfsigned');
  const folder = mkdtempSync(join(tmpdir(), 'procare-scan-'));
  const altNames = [{ type: 2, value: 'localhost' }];
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames }],
  });
  writeFileSync(join(folder, 'key.pem'), made.private, { mode: 0o600 });
  writeFileSync(join(folder, 'cert.pem'), made.cert);
  const env = { ...process.env, SCAN_FOLDER: folder, NODE_EXTRA_CA_CERTS: join(folder, 'cert.pem') };
  const done = spawnSync(process.execPath, [here, ...process.argv.slice(2)], { env, stdio: 'inherit' });
  rmSync(folder, { recursive: true, force: true });
  process.exit(done.status ?? 1);
}

const scanner = join(dirname(here), '..', 'node_modules', '@mdn', 'mdn-http-observatory');
// Which sites browsers know as HTTPS only, and which top-level domains there are: its install step would fetch both. Ours is
// neither, so empty lists give what the real ones would.
for (const list of ['hsts-preload.json', 'tld-list.json']) {
  const file = join(scanner, 'conf', list);
  if (!existsSync(file)) writeFileSync(file, list.startsWith('tld') ? '[]' : '{}');
}
const { retrieve } = await import(join(scanner, 'src/retriever/retriever.js'));
const { ALL_TESTS } = await import(join(scanner, 'src/constants.js'));
const { getGradeForScore, getScoreModifier } = await import(join(scanner, 'src/grader/grader.js'));
const { MINIMUM_SCORE_FOR_EXTRA_CREDIT } = await import(join(scanner, 'src/grader/charts.js'));

const listen = (server) =>
  new Promise((ready) => server.listen(0, 'localhost', () => ready(server.address().port)));

const folder = process.env.SCAN_FOLDER;
const tls = createTlsServer(
  { key: readFileSync(join(folder, 'key.pem')), cert: readFileSync(join(folder, 'cert.pem')) },
  (asked, answer) => {
    const { method, url, headers } = asked;
    const onward = request({ host: origin.hostname, port: origin.port, method, path: url, headers }, (got) => {
      answer.writeHead(got.statusCode, got.rawHeaders);
      got.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    asked.pipe(onward);
  },
);
const httpsPort = await listen(tls);
const plain = createServer((asked, answer) => {
  answer.writeHead(308, { location: `https://localhost:${httpsPort}${asked.url}` }).end();
});
const httpPort = await listen(plain);

/** As the package's own `scan`, of a page other than the first. */
async function grade({ path, cookie }) {
  const headers = ['Accept: text/html', ...(cookie ? [`Cookie: ${cookie}`] : [])];
  const retrieved = await retrieve('localhost', { httpPort, httpsPort, path, headers });
  const { status } = retrieved.responses.auto ?? {};
  if (status !== 200) throw new Error(`${path} answered ${status}`);
  let [uncurved, score] = [100, 100];
  const failed = [];
  for (const test of ALL_TESTS) {
    const { result, pass } = test(retrieved);
    const modifier = getScoreModifier(result);
    score += modifier;
    uncurved += Math.min(0, modifier);
    if (!pass) failed.push(result);
  }
  const final = getGradeForScore(uncurved >= MINIMUM_SCORE_FOR_EXTRA_CREDIT ? score : uncurved);
  return { path, grade: final.grade, score: final.score, failed };
}

const grades = [];
for (const page of JSON.parse(readFileSync(0, 'utf8'))) grades.push(await grade(page));
process.stdout.write(JSON.stringify(grades));
process.exit(0);
