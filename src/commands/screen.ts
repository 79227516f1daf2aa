import type { LogLevel } from '../lib/log.ts';
import type { Language } from '../model/vocabulary.ts';

/** Options that every command has. */
export interface CommonOptions {
  readonly config?: string;
  readonly logLevel?: LogLevel;
}

/** Of commands whose output people read in their own language. */
export interface LanguageOptions extends CommonOptions {
  readonly language?: Language;
}

/** Where a command writes and what it may use there; made once by the command line. */
export interface Screen {
  readonly env: NodeJS.ProcessEnv;
  /** Width of the terminal; without limit where the output is no terminal and COLUMNS says nothing. */
  readonly columns: number;
  readonly colour: boolean;
  /** To stdout, with a line feed. Text from outside must be clean by then. */
  print(text: string): void;
  /** To stderr, one clean line. */
  complain(sentence: string): void;
}
