import {consortiumDefaults, type SavedConsortium} from '../core/consortium.js';
import {membersOf} from '../core/model-spec.js';
import {UserError} from '../core/user-error.js';
import {vendors} from '../providers/presets.js';

/**
The consortium to use when nothing is configured: the default model of each vendor with a key, else of the servers on this machine.

@throws UserError naming the ways on, when there is neither.
*/
export async function unconfigured(
	keys: Readonly<Record<string, string | null>>,
	findLocalModels: () => Promise<readonly string[]>,
): Promise<SavedConsortium> {
	const chosen =
		consortiumAmong(modelsWithKey(keys)) ??
		consortiumAmong(await findLocalModels());

	if (!chosen) {
		throw new UserError(
			'There is no model to ask: there is no key, and no local server answers.',
			'Store a key, such as consortium-tui keys set openai (or set OPENAI_API_KEY, ANTHROPIC_API_KEY or GEMINI_API_KEY); or start a local server such as Ollama and name one of its models with -m ollama/NAME; or try simulated models with -C demo.',
		);
	}

	return chosen;
}

/**
The default models of the vendors there is a key for, the strongest first.
*/
export function modelsWithKey(
	keys: Readonly<Record<string, string | null>>,
): string[] {
	return vendors
		.filter(({name}) => (keys[name] ?? '').trim() !== '')
		.map(({name, defaultModel}) => `${name}/${defaultModel}`);
}

/**
A consortium of these models, of the only one three times; the first weighs the answers. Null without a model.
*/
export function consortiumAmong(
	models: readonly string[],
): SavedConsortium | null {
	const [strongest] = models;

	return strongest === undefined
		? null
		: {
				...consortiumDefaults,
				name: 'default',
				members: membersOf(models, models.length === 1 ? 3 : 1),
				arbiters: [{model: strongest}],
			};
}
