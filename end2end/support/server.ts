// The real server as a process of its own: a copy of the demo data in a temporary folder, a free port, an OTP sink.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const program = process.env.CI_SERVER ?? join(root, 'target', 'release', 'server');

export interface Message {
  to: string;
  channel: string;
  template: string;
  code?: string;
  at: string;
}

function settings(folder: string, port: number): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    PROCARE_ENV: 'development',
    PROCARE_DATA_DIR: join(folder, 'data'),
    PROCARE_SITE_DIR: process.env.PROCARE_SITE_DIR ?? join(root, 'target', 'site'),
    PROCARE_LOG: 'warn',
    LISTEN_ADDR: `127.0.0.1:${port}`,
    OTP_SINK: `file:${join(folder, 'outbox.jsonl')}`,
    HTTP_DRAIN_MS: '200',
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}

/** Runs a command of the server to its end, against the data in `folder`. */
export function runCommand(folder: string, ...args: string[]): void {
  const done = spawnSync(program, args, { cwd: folder, env: settings(folder, 0), encoding: 'utf8' });
  if (done.status !== 0) {
    throw new Error(`${program} ${args.join(' ')} failed (${done.error ?? done.status})\n${done.stdout}${done.stderr}`);
  }
}

export class Server {
  private output = '';
  private exited: Promise<void>;

  private constructor(
    readonly url: string,
    private readonly folder: string,
    private readonly child: ChildProcess,
  ) {
    const keep = (chunk: Buffer) => {
      this.output += chunk.toString();
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    this.exited = new Promise((resolve) => child.once('exit', () => resolve()));
  }

  /** Starts one on a copy of `template`; more settings may be given. */
  static async start(template: string, more: NodeJS.ProcessEnv = {}): Promise<Server> {
    const folder = mkdtempSync(join(tmpdir(), 'procare-e2e-'));
    cpSync(template, folder, { recursive: true });
    const port = await freePort();
    const child = spawn(program, ['serve'], {
      cwd: folder,
      env: { ...settings(folder, port), ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const server = new Server(`http://127.0.0.1:${port}`, folder, child);
    const deadline = Date.now() + 30_000;
    for (;;) {
      if (child.exitCode !== null || Date.now() > deadline) {
        await server.stop();
        throw new Error(`the server did not start\n${server.output}`);
      }
      const alive = await fetch(`${server.url}/healthz`).catch(() => undefined);
      if (alive?.ok) return server;
      await new Promise((next) => setTimeout(next, 25));
    }
  }

  /** What it logged so far. */
  log(): string {
    return this.output;
  }

  /** The messages that it sent, oldest first. */
  messages(): Message[] {
    const path = join(this.folder, 'outbox.jsonl');
    if (!existsSync(path)) return [];
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line) as Message);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill('SIGTERM');
      const late = setTimeout(() => this.child.kill('SIGKILL'), 5000);
      await this.exited;
      clearTimeout(late);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
