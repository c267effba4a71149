import {type Config} from '../config/config.js';
import {presets, vendors} from '../providers/presets.js';

/**
Shorter values are words that stand in ordinary text too.
*/
const shortestKey = 6;

/**
Takes every key out of a text: the last guard before something is written down. Keys are what stands in the variables of the known servers, and in any whose name says so.
*/
export function keyRemover(
	environment: Readonly<Record<string, string | undefined>>,
	{endpoints}: Pick<Config, 'endpoints'>,
): (text: string) => string {
	const names = new Set(
		[...vendors, ...presets, ...Object.values(endpoints)].map(
			({keyEnv}) => keyEnv,
		),
	);
	const keys = Object.entries(environment)
		.filter(
			([name]) =>
				names.has(name) || /(?:key|token|secret|password)$/i.test(name),
		)
		.flatMap(([, value]) =>
			value !== undefined && value.trim().length >= shortestKey
				? value.trim()
				: [],
		);

	return text =>
		keys.reduce((clean, key) => clean.replaceAll(key, '[key]'), text);
}
