import type { Tone } from '../../messages/document.ts';

/** One type scale, quiet colours; every pair of text and ground has a contrast of at least 4.5 : 1. */
export const FONT =
  "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',Helvetica,Arial,sans-serif";
export const MONO = "ui-monospace,SFMono-Regular,Menlo,Consolas,'Liberation Mono',monospace";

export const INK = '#1d2939';
export const QUIET = '#5b6678';
export const LINE = '#e4e7ec';
export const GROUND = '#f4f5f7';
export const CARD = '#ffffff';
export const LINK = '#175cd3';

/** A tone's accent, and its ground behind a box. */
export const TONES: Readonly<Record<Tone, { readonly accent: string; readonly ground: string }>> = {
  calm: { accent: '#5b6678', ground: '#f2f4f7' },
  notice: { accent: '#175cd3', ground: '#eff5ff' },
  urgent: { accent: '#b54708', ground: '#fff6ed' },
  danger: { accent: '#b42318', ground: '#fef3f2' },
  good: { accent: '#067647', ground: '#ecfdf3' },
};

/**
 * What inline styles cannot say, for clients that read it: narrow screens and dark mode. Without it the mail is whole, only lighter.
 * Class names: rw-g ground, rw-c card, rw-i ink, rw-q quiet, rw-l lines, rw-e lines of a
 * data-loss task, rw-b boxes, rw-x code, rw-a links, rw-s stacks when narrow.
 */
export const STYLE = `
@media (max-width:520px){
.rw-p{padding-left:16px!important;padding-right:16px!important}
.rw-s{display:block!important;width:auto!important;text-align:left!important;padding-left:0!important;padding-right:0!important;white-space:normal!important}
.rw-s-label{padding-bottom:0!important;border-bottom:0!important}
.rw-s-value{padding-top:0!important}
.rw-f{font-size:18px!important}
}
@media (prefers-color-scheme:dark){
.rw-g{background:#101418!important}
.rw-c{background:#1a2027!important}
.rw-i{color:#e6e9ee!important}
.rw-q{color:#a4afbe!important}
.rw-l{border-color:#333c47!important}
.rw-e{border-color:#333c47!important;border-left-color:#f97066!important}
.rw-b{background:#252c35!important}
.rw-x{background:#252c35!important;color:#e6e9ee!important}
.rw-a{color:#84adff!important}
.rw-danger{color:#fda29b!important}
.rw-urgent{color:#fec84b!important}
.rw-notice{color:#84adff!important}
.rw-good{color:#75e0a7!important}
.rw-calm{color:#a4afbe!important}
}`;
