const entities: Readonly<Record<string, string>> = {
	'&lt;': '<',
	'&gt;': '>',
	'&quot;': '"',
	'&#39;': "'",
	'&#x27;': "'",
	'&apos;': "'",
	'&amp;': '&',
};

/**
A hash of 53 bits: whatever has the same one is still to be compared.
*/
export function hashOf(text: string): number {
	let one = 0xde_ad_be_ef;
	let two = 0x41_c6_ce_57;

	for (let index = 0; index < text.length; index++) {
		const code = text.codePointAt(index)! & 0xff_ff;
		one = Math.imul(one ^ code, 2_654_435_761);
		two = Math.imul(two ^ code, 1_597_334_677);
	}

	one = Math.imul(one ^ (one >>> 16), 2_246_822_507) ^ (two >>> 13);
	two = Math.imul(two ^ (two >>> 16), 3_266_489_909) ^ (one >>> 16);
	return (two & 0x1f_ff_ff) * 4_294_967_296 + (one >>> 0);
}

/**
A question without what the versions of the plug-in did to it: whitespace folded, escaped markup undone.
*/
export function fold(text: string): string {
	let plain = text;

	// One version escaped a question that may have been escaped before.
	for (let round = 0; round < 3 && plain.includes('&'); round++) {
		plain = plain.replaceAll(
			/&(?:lt|gt|quot|apos|amp|#39|#x27);/g,
			entity => entities[entity]!,
		);
	}

	// Most texts have nothing to fold, which is seen much faster than done.
	return (
		/[^\S ]| {2}/.test(plain) ? plain.replaceAll(/\s+/g, ' ') : plain
	).trim();
}

/**
By what a question is looked up: its beginning, so that megabytes cost no more than a page.
*/
export function questionKey(text: string): number {
	return hashOf(fold(text.slice(0, 20_000)).slice(0, 1000));
}
