import {consortiumDefaults, type SavedConsortium} from '../core/consortium.js';
import {membersOf} from '../core/model-spec.js';
import {UserError} from '../core/user-error.js';
import {vendors} from '../providers/presets.js';

/**
The consortium to use when nothing is configured: the default model of each vendor with a key (of the only one, three times), else of the servers on this machine. The strongest weighs the answers.

@throws UserError naming the ways on, when there is neither.
*/
export async function unconfigured(
	keys: Readonly<Record<string, string | null>>,
	findLocalModels: () => Promise<readonly string[]>,
): Promise<SavedConsortium> {
	const withKey = vendors
		.filter(({name}) => (keys[name] ?? '').trim() !== '')
		.map(({name, defaultModel}) => `${name}/${defaultModel}`);
	const models = withKey.length > 0 ? withKey : await findLocalModels();
	const [strongest] = models;

	if (strongest === undefined) {
		throw new UserError(
			'There is no model to ask: there is no key, and no local server answers.',
			'Store a key, such as consortium-tui keys set openai (or set OPENAI_API_KEY, ANTHROPIC_API_KEY or GEMINI_API_KEY); or start a local server such as Ollama and name one of its models with -m ollama/NAME; or try simulated models with -C demo.',
		);
	}

	return {
		...consortiumDefaults,
		name: 'default',
		members: membersOf(models, models.length === 1 ? 3 : 1),
		arbiters: [{model: strongest}],
	};
}
