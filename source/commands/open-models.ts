import {type Config} from '../config/config.js';
import {type World} from '../core/world.js';
import {createDemoModel} from '../providers/demo.js';
import {baseUrlsIn, type Environment} from '../providers/environment.js';
import {createModels, type Models} from '../providers/resolve.js';
import {adviceOn, keysOn, type KeyRing} from './key-ring.js';

/**
All models that can be called with what is configured, stored and set in the environment.
*/
export function openModels(
	{endpoints, settings}: Config,
	{
		environment,
		ring,
		world,
	}: {
		readonly environment: Environment;
		readonly ring: KeyRing;
		readonly world: World;
	},
): Models {
	const configured = Object.entries(endpoints).map(([name, endpoint]) => ({
		name,
		...endpoint,
	}));
	const {providerLimit, firstByteSeconds, stallSeconds, prices} = settings;

	return createModels({
		keys: keysOn(ring),
		keyAdvice: adviceOn(ring),
		baseUrls: baseUrlsIn(environment),
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
