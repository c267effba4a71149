import {UserError} from '../../core/user-error.js';
import {presets, vendors} from '../../providers/presets.js';
import {type Place} from '../command.js';
import {keyRing} from '../key-ring.js';
import {assertKey} from '../key-rules.js';
import {loadConfig, storeKeys} from '../load-config.js';
import {textsIn} from './beside.js';
import {shortened} from './foreign-consortium.js';

export type ImportedKeys = {
	/**
	The providers whose keys are stored since.
	*/
	readonly stored: readonly string[];
	readonly skipped: ReadonlyArray<{
		readonly name: string;

		/**
		The end of a sentence about it, without a piece of the key.
		*/
		readonly why: string;
	}>;
};

/**
What plug-ins of llm call those providers that have other names here.
*/
const namesHere: Readonly<Record<string, string>> = {
	claude: 'anthropic',
	grok: 'xai',
};

/**
Providers by name that are the same everywhere. A server that a person added may be called like one of llm's and be another.
*/
const providers: ReadonlySet<string> = new Set(
	[...vendors, ...presets]
		.filter(({keyEnv}) => keyEnv !== null)
		.map(({name}) => name),
);

/**
Store those keys of llm whose providers are known and have no key yet, neither stored nor in an environment variable.

@throws UserError when a file of keys cannot be read, or ours not written.
*/
export async function importKeys(
	path: string,
	place: Place,
): Promise<ImportedKeys> {
	const config = await loadConfig(place);
	const ring = await keyRing(place, config);
	const found = new Map<string, string>();
	const skipped: Array<{name: string; why: string}> = [];

	for (const [name, text] of textsIn(path)) {
		// What llm writes for those who open the file.
		if (name.startsWith('//')) {
			continue;
		}

		const provider = namesHere[name] ?? name;
		const key = text.trim();
		const why = Object.hasOwn(config.endpoints, provider)
			? 'a server that was added here is called so'
			: providers.has(provider)
				? ((found.has(provider) ? 'another one is stored' : null) ??
					whyNot(key, provider, ring))
				: 'no provider is called so here';

		if (why === null) {
			found.set(provider, key);
		} else {
			skipped.push({name: shortened(name), why});
		}
	}

	if (found.size > 0) {
		await storeKeys(place, stored => ({
			...stored,
			// Somebody may have stored one in the meantime.
			...Object.fromEntries(
				found
					.entries()
					.filter(([provider]) => (stored[provider] ?? '').trim() === ''),
			),
		}));
	}

	return {stored: found.keys().toArray(), skipped};
}

function whyNot(
	key: string,
	provider: string,
	ring: Awaited<ReturnType<typeof keyRing>>,
): string | null {
	const {source = null, variables = []} = ring.get(provider) ?? {};

	if (source !== null) {
		return source === 'stored'
			? 'one is stored here already'
			: `${source} is set`;
	}

	try {
		assertKey(key, {provider, variables});
		return null;
	} catch (error) {
		if (error instanceof UserError) {
			return 'it cannot be a key';
		}

		throw error;
	}
}
