const digits = '0123456789abcdefghjkmnpqrstvwxyz';
const pattern =
	/^(\d{4})-(\d\d)-(\d\d)[t ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)? ?(?:z|utc|([+-])(\d\d):?(\d\d))?$/i;

/**
A time as llm and its plug-ins have written it, in milliseconds since the Unix epoch; one without a zone is in UTC. Null for any other text.
*/
export function readTime(text: unknown): number | null {
	const found =
		typeof text === 'string' && text.length < 64
			? pattern.exec(text.trim())
			: null;

	if (!found) {
		return null;
	}

	const [year, month, day, hour, minute, second] = found
		.slice(1, 7)
		.map(digitsOfPart => Number(digitsOfPart ?? 0));
	const [fraction, sign, zoneHours, zoneMinutes] = found.slice(7);
	const offset =
		(Number(zoneHours ?? 0) * 60 + Number(zoneMinutes ?? 0)) * 60_000;

	return (
		Date.UTC(year!, month! - 1, day, hour, minute, second) +
		Number(`0.${fraction ?? 0}`) * 1000 -
		(sign === '-' ? -offset : offset)
	);
}

/**
The time within a ULID; null for any other id.

@see https://github.com/ulid/spec
*/
export function timeOfId(id: string): number | null {
	const text = id.toLowerCase();

	if (!/^[0-7][\da-hjkmnp-tv-z]{25}$/.test(text)) {
		return null;
	}

	return [...text.slice(0, 10)].reduce(
		(time, digit) => time * 32 + digits.indexOf(digit),
		0,
	);
}
