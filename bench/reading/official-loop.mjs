import { writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { cvm } from 'tencentcloud-sdk-nodejs-cvm';
import { measuring } from './measuring.mjs';

/*
 * What everybody's script does: page after page with the official SDK, then a JSON file.
 * Usage: node official-loop.mjs PORT FILE KEY MOST_PAGES
 */
const [port, file, key, mostPages] = process.argv.slice(2);
// As without an agent, the SDK's default: no connection is kept. Ours only dials loopback.
const agent = new Agent();
agent.createConnection = () => connect(Number(port), '127.0.0.1');
const client = new cvm.v20170312.Client({
  credential: JSON.parse(key),
  region: 'ap-guangzhou',
  profile: { httpProfile: { endpoint: 'cvm.tencentcloudapi.com', protocol: 'http://', agent } },
});
const BEIJING_MS = 8 * 3_600_000;
const LOOKBACK_MS = 30 * 24 * 3_600_000;
const StartDate = new Date(Date.now() + BEIJING_MS - LOOKBACK_MS).toISOString().slice(0, 19).replace('T', ' ');
const measured = await measuring(async () => {
  const tasks = [];
  for (let pages = 0; pages < Number(mostPages); pages += 1) {
    const page = await client.DescribeTaskInfo({ Limit: 100, Offset: pages * 100, StartDate });
    tasks.push(...page.RepairTaskInfoSet);
    if (tasks.length >= page.TotalCount) break;
  }
  writeFileSync(file, JSON.stringify(tasks));
});
console.log(JSON.stringify(measured));
process.exit(0);
