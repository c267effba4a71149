/**
The first id of a millisecond since the epoch: the ten digits with which a ULID tells its time, in Crockford's base 32.

@see https://github.com/ulid/spec
*/
export function idAt(at: number): string {
	const digits = '0123456789abcdefghjkmnpqrstvwxyz';
	let rest = Math.max(0, at);
	let id = '';

	while (id.length < 10) {
		id = digits[rest % 32]! + id;
		rest = Math.floor(rest / 32);
	}

	return id;
}
