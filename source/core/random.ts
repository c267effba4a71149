/**
A 32-bit number for a text, by FNV-1a over its UTF-8 bytes: the seed of a shuffle.
*/
export function fnv1a32(text: string): number {
	let hash = 0x81_1c_9d_c5;

	for (const byte of new TextEncoder().encode(text)) {
		hash = Math.imul(hash ^ byte, 0x01_00_01_93);
	}

	return hash >>> 0;
}

/**
Numbers from 0 up to 1 that are the same for the same seed, by the generator mulberry32.
*/
export function mulberry32(seed: number): () => number {
	let state = seed >>> 0;

	return () => {
		state = (state + 0x6d_2b_79_f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

/**
A copy in an order that depends on nothing but the seed (Fisher-Yates from the end).
*/
export function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
	const random = mulberry32(seed);
	const result = [...items];

	for (let last = result.length - 1; last > 0; last--) {
		const other = Math.floor(random() * (last + 1));
		const taken = result[other]!;
		result[other] = result[last]!;
		result[last] = taken;
	}

	return result;
}

/**
A copy that begins with the item at `by`, counted around in either direction.
*/
export function rotated<Item>(items: readonly Item[], by: number): Item[] {
	const start = items.length === 0 ? 0 : by % items.length;
	return [...items.slice(start), ...items.slice(0, start)];
}
