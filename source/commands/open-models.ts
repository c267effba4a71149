import {type Config} from '../config/config.js';
import {type World} from '../core/world.js';
import {createDemoModel} from '../providers/demo.js';
import {presets, vendors} from '../providers/presets.js';
import {createModels, type Models} from '../providers/resolve.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
All models that can be called with what is configured and set in the environment.
*/
export function openModels(
	{endpoints, settings}: Config,
	environment: Environment,
	world: World,
): Models {
	const configured = Object.entries(endpoints).map(([name, endpoint]) => ({
		name,
		...endpoint,
	}));
	const {providerLimit, firstByteSeconds, stallSeconds, prices} = settings;

	return createModels({
		keys: Object.fromEntries(
			[...vendors, ...presets, ...configured].map(({name, keyEnv}) => [
				name,
				keyEnv === null ? null : (environment[keyEnv] ?? null),
			]),
		),
		baseUrls: Object.fromEntries(
			vendors.map(({name, baseUrlEnv}) => [
				name,
				environment[baseUrlEnv] ?? null,
			]),
		),
		endpoints: configured,
		settings: {
			...(providerLimit !== undefined && {callsInFlight: providerLimit}),
			...(firstByteSeconds !== undefined && {
				firstMs: firstByteSeconds * 1000,
			}),
			...(stallSeconds !== undefined && {idleMs: stallSeconds * 1000}),
		},
		...(prices !== undefined && {prices}),
		random: world.random,
		extra: {demo: name => createDemoModel(name, world)},
	});
}
