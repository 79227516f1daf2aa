/** The smallest configuration there is, as README shows it: the demo's last words. Its key comes from the official credential variables. */
export const SMALLEST_CONFIGURATION = `channels:
  ops: { type: slack, url: "\${SLACK_WEBHOOK_URL}" }
`;
