/**
A text in which no value of an environment variable that holds a key or a token can be read: the last guard before something is written down.
*/
export function withoutKeys(
	text: string,
	environment: Readonly<Record<string, string | undefined>>,
): string {
	let clean = text;

	for (const [name, value] of Object.entries(environment)) {
		if (
			/(?:key|token|secret|password)$/iv.test(name) &&
			value &&
			value.length >= 6
		) {
			clean = clean.replaceAll(value, '[key]');
		}
	}

	return clean;
}
