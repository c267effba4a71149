import {type KeyRing} from './key-ring.js';

/**
Shorter values are words that stand in ordinary text too.
*/
const shortestKey = 6;

/**
Takes every key out of a text: the last guard before something is written down. Keys are the stored ones, what stands in the variables of the known servers, and in any whose name says so.
*/
export function keyRemover(
	environment: Readonly<Record<string, string | undefined>>,
	ring: KeyRing,
): (text: string) => string {
	const states = ring.values().toArray();
	const names = new Set(states.flatMap(({variables}) => variables));
	const inEnvironment = Object.entries(environment)
		.filter(
			([name]) =>
				names.has(name) || /(?:key|token|secret|password)$/i.test(name),
		)
		.map(([, value]) => value);
	const keys = [...states.map(({key}) => key), ...inEnvironment].flatMap(
		value => {
			const key = (value ?? '').trim();
			return key.length >= shortestKey ? [key] : [];
		},
	);

	return text =>
		keys.reduce((clean, key) => clean.replaceAll(key, '[key]'), text);
}
