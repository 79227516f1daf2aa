/** Like cards into so many hands, one hand after the other: two ids that pass for each other meet in one request at last. */
export function dealIds(ids: readonly string[], hands: number): string[] {
  return Array.from({ length: hands }, (_, hand) => ids.filter((_, at) => at % hands === hand)).flat();
}
