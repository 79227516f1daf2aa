/** A token of the page that is shorter might be found by trying. */
export const TOKEN_MIN_CHARACTERS = 16;

/** A command that prints a good one. */
export const MAKE_TOKEN = '`openssl rand -hex 24`';
