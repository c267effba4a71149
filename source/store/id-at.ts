const digits = '0123456789abcdefghjkmnpqrstvwxyz';

/**
The first id of a millisecond since the epoch: the ten digits with which a ULID tells its time, in Crockford's base 32.

@see https://github.com/ulid/spec
*/
export function idAt(at: number): string {
	let rest = Math.max(0, at);
	let id = '';

	while (id.length < 10) {
		id = digits[rest % 32]! + id;
		rest = Math.floor(rest / 32);
	}

	return id;
}

/**
The moment that a ULID tells, in milliseconds since the epoch; null for an id of another kind.
*/
export function timeOfId(id: string): number | null {
	return /^[0-7][\da-hjkmnp-tv-z]{25}$/i.test(id)
		? [...id.slice(0, 10).toLowerCase()].reduce(
				(sum, digit) => sum * 32 + digits.indexOf(digit),
				0,
			)
		: null;
}
