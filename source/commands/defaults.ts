import {consortiumDefaults, type SavedConsortium} from '../core/consortium.js';
import {membersOf} from '../core/model-spec.js';
import {UserError} from '../core/user-error.js';

/**
The model to use of a provider when none is named, the strongest provider first.
*/
const defaultModels = [
	{keyEnv: 'OPENAI_API_KEY', model: 'openai/gpt-6.1-sol'},
] as const;

/**
Providers whose key may be set already, though this version cannot use it.
*/
const laterKeys = ['ANTHROPIC_API_KEY', 'GEMINI_API_KEY', 'GOOGLE_API_KEY'];

type Environment = Readonly<Record<string, string | undefined>>;

/**
The consortium to use when nothing is configured: the default model of each provider with a key (of the only one, three times), else of the servers on this machine.

@throws UserError naming the ways on, when there is neither.
*/
export async function unconfigured(
	environment: Environment,
	findLocalModels: () => Promise<readonly string[]>,
): Promise<SavedConsortium> {
	const withKey = defaultModels
		.filter(({keyEnv}) => environment[keyEnv])
		.map(({model}) => model);
	const models = withKey.length > 0 ? withKey : await findLocalModels();
	const [strongest] = models;

	if (strongest === undefined) {
		const later = laterKeys.find(name => environment[name]);
		throw new UserError(
			later === undefined
				? 'There is no model to ask: no key is set, and no local server answers.'
				: `There is no model to ask: ${later} is set, but that provider is not in this version yet, and no local server answers.`,
			'Set OPENAI_API_KEY; or start a local server such as Ollama and name one of its models with -m ollama/NAME; or try simulated models with -C demo.',
		);
	}

	return {
		...consortiumDefaults,
		name: 'default',
		members: membersOf(models, models.length === 1 ? 3 : 1),
		arbiters: [{model: strongest}],
	};
}

/**
A consortium with an arbiter: its own, else the strongest provider with a key, else the first member's model. Simulated members get the simulated arbiter.
*/
export function withArbiter(
	consortium: SavedConsortium,
	environment: Environment,
): SavedConsortium {
	if (consortium.arbiters.length > 0) {
		return consortium;
	}

	const first = consortium.members[0]!.model;
	const strongest = defaultModels.find(({keyEnv}) => environment[keyEnv]);

	return {
		...consortium,
		arbiters: [
			{
				model: first.startsWith('demo/')
					? 'demo/arbiter'
					: (strongest?.model ?? first),
			},
		],
	};
}
