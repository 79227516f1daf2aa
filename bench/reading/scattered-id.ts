/** Eight characters that no other number below 2^32 has; one after the other they come in no order, as the vendor's: a store looks tasks up by them. */
export function scatteredId(number: number): string {
  return (Math.imul(number + 1, 2_654_435_761) >>> 0).toString(36).padStart(8, '0');
}
