import { readFileSync } from 'node:fs';
import { join } from 'node:path/posix';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { loadConfig } from '../../src/config/load.ts';
import { MALLOC_LIMITS, V8_LIMITS } from '../../src/lib/v8-limits.ts';
import { composeFile, cronJob, kubernetesObject } from '../support/deploy-schemas.ts';
import { openWebStage } from '../support/web-stage.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const dockerfile = textOf('Dockerfile');
const imageUser = /^USER (\d+):(\d+)$/m.exec(dockerfile)?.slice(1).map(Number) ?? [];
const volume = /^VOLUME (\S+)$/m.exec(dockerfile)?.[1] ?? '';
const PORT = 9420;

const documents = (path: string): unknown[] => parseAllDocuments(textOf(path)).map((document) => document.toJS());

/** Every address that a probe asks is one that the program serves to someone without a token. */
async function isServed(path: string): Promise<boolean> {
  const stage = await openWebStage();
  for (const loop of ['clock', 'polls prod', 'lane slack'])
    await stage.store.beat({ loop, at: stage.clock.now(), withinMs: 1_000 });
  return (await stage.app.request(path)).status === 200;
}

describe('docker compose', () => {
  it.each(['deploy/compose/sqlite.yaml', 'deploy/compose/postgres.yaml'])(
    '%s runs what the image is made for',
    (path) => {
      const { services } = composeFile.parse(parse(textOf(path)));
      const service = services['repairwatch'];
      expect(service?.user).toBe(imageUser.join(':'));
      expect(service?.read_only).toBe(true);
      expect(service?.cap_drop).toEqual(['ALL']);
      expect(service?.ports?.every((port) => port.startsWith('127.0.0.1:') && port.endsWith(`:${PORT}`))).toBe(true);
      expect(service?.volumes).toContain('./repairwatch.yaml:/repairwatch.yaml:ro');
    },
  );

  it('keeps an SQLite store in the volume of the image, and shares a PostgreSQL one between two replicas', () => {
    const sqlite = composeFile.parse(parse(textOf('deploy/compose/sqlite.yaml')));
    expect(sqlite.services['repairwatch']?.volumes).toContain(`data:${volume}`);
    expect(sqlite.services['repairwatch']?.deploy).toBeUndefined();
    const postgres = composeFile.parse(parse(textOf('deploy/compose/postgres.yaml')));
    expect(postgres.services['repairwatch']?.deploy?.replicas).toBe(2);
    const store = /store: "(postgres:[^"]+)"/.exec(textOf('deploy/compose/postgres.yaml'))?.[1];
    expect(problemsOf(`store: "${store}"`)).toEqual([]);
  });
});

describe('Kubernetes', () => {
  const objects = documents('deploy/kubernetes/repairwatch.yaml').map((document) => kubernetesObject.parse(document));
  const [job] = documents('deploy/kubernetes/cronjob.yaml').flatMap((document) => {
    const found = cronJob.safeParse(document);
    return found.success ? [found.data] : [];
  });
  const deployment = objects.find((object) => object.kind === 'Deployment');
  const pods = [deployment?.spec.template.spec, job?.spec.jobTemplate.spec.template.spec];

  it('has every object that is asked for, all of one app', () => {
    expect(objects.map(({ kind }) => kind)).toEqual([
      'ConfigMap',
      'Deployment',
      'PodDisruptionBudget',
      'Service',
      'NetworkPolicy',
    ]);
    expect(documents('deploy/kubernetes/cronjob.yaml')).toHaveLength(2);
    expect(job?.spec.concurrencyPolicy).toBe('Forbid');
    expect(new Set(textOf('deploy/kubernetes/repairwatch.yaml').match(/app\.kubernetes\.io\/name: \w+/g))).toEqual(
      new Set(['app.kubernetes.io/name: repairwatch']),
    );
  });

  it('runs as the image’s user, with nothing to write but what is mounted', () => {
    for (const pod of pods) {
      expect(pod?.securityContext).toMatchObject({
        runAsNonRoot: true,
        runAsUser: imageUser[0],
        runAsGroup: imageUser[1],
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(pod?.containers.map(({ securityContext }) => securityContext)).toEqual([
        { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
      ]);
    }
    expect(pods[1]?.containers[0]?.volumeMounts).toContainEqual({ name: 'data', mountPath: volume });
  });

  it('probes addresses that are served without a token, on the port that the configuration opens', async () => {
    const container = deployment?.spec.template.spec.containers[0];
    const probes = [container?.startupProbe, container?.livenessProbe, container?.readinessProbe];
    expect(container?.ports).toEqual([{ name: 'http', containerPort: PORT }]);
    for (const probe of probes) {
      expect(probe?.httpGet.port).toBe('http');
      expect(await isServed(probe?.httpGet.path ?? '')).toBe(true);
    }
    const configuration = configurationOf(objects);
    expect(problemsOf(configuration, false)).toEqual([]);
    expect(configuration).toContain(`listen: "0.0.0.0:${PORT}"`);
  });

  it('gives the program longer to stop than it needs', () => {
    for (const pod of pods) expect(pod?.terminationGracePeriodSeconds).toBeGreaterThan(8);
  });
});

describe('the systemd unit', () => {
  const unit = textOf('deploy/systemd/repairwatch.service');
  const value = (name: string): string[] =>
    [...unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, text = '']) => text);

  it('starts the program with the limits that it sets itself elsewhere', () => {
    const [start = ''] = value('ExecStart');
    expect(start).toBe(
      `/usr/bin/node ${V8_LIMITS.join(' ')} /opt/repairwatch/dist/bin.js run --config /etc/repairwatch/repairwatch.yaml`,
    );
    for (const [name, limit] of Object.entries(MALLOC_LIMITS))
      expect(value('Environment')).toContain(`${name}=${limit}`);
    // The signal by which `run` reads its configuration again.
    expect(value('ExecReload')).toEqual(['/bin/kill -HUP $MAINPID']);
  });

  it('has only sections and lines that are whole, and keeps the store in its state directory', () => {
    expect(unit.match(/^\[\w+\]$/gm)).toEqual(['[Unit]', '[Service]', '[Install]']);
    for (const line of unit.split('\n')) expect(line).toMatch(/^$|^#|^\[\w+\]$|^[A-Z]\w+=/);
    expect(value('WorkingDirectory')).toEqual([`/var/lib/${value('StateDirectory')[0]}`]);
    for (const lock of ['NoNewPrivileges', 'PrivateTmp', 'PrivateDevices', 'ProtectKernelModules'])
      expect(value(lock)).toEqual(['yes']);
    expect(value('ProtectSystem')).toEqual(['strict']);
  });
});

function configurationOf(objects: readonly ReturnType<typeof kubernetesObject.parse>[]): string {
  const map = objects.find((object) => object.kind === 'ConfigMap');
  return map?.data['repairwatch.yaml'] ?? '';
}

/** What is wrong with a configuration; a part of one gets the rest that it needs. */
function problemsOf(text: string, part = true): readonly string[] {
  const channels = 'channels: { s: { type: slack, url: "http://127.0.0.1:9/hook" } }';
  const env = {
    SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T/B/x',
    SMTP_URL: 'smtps://user:password@mail.example.com',
    HTTP_TOKEN: 'correct-horse-battery-staple',
    HEARTBEAT_URL: 'https://hc.example.com/ping',
  };
  const whole = part ? `accounts: [{ name: prod }]\n${channels}\n${text}` : text;
  const loaded = loadConfig({ path: 'repairwatch.yaml', env, readFile: () => whole });
  if (!loaded.ok) return loaded.problems.map(({ message }) => message);
  return part ? [] : loaded.warnings;
}
