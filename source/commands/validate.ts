import {foldersOf} from '../config/folders.js';
import {assumptions} from '../core/forecast.js';
import {wholeOf} from '../core/nesting.js';
import {UserError} from '../core/user-error.js';
import {createWorld} from '../world.js';
import {check, type Findings} from './check.js';
import {chooseConsortium} from './choose.js';
import {command, type Place} from './command.js';
import {consortiumFlags, type ConsortiumFlags} from './consortium-flags.js';
import {conversationFlags} from './conversation-flags.js';
import {describe} from './describe.js';
import {sumsText} from './forecast.js';
import {loggedHistory} from './history.js';
import {keyRing} from './key-ring.js';
import {savedConsortiums} from './known-consortiums.js';
import {loadConfig} from './load-config.js';
import {json, paragraph} from './table.js';
import {confirmCommands} from './trusted-commands.js';
import {tellWarnings} from './warnings.js';
import {oneWord} from './words.js';

const usage = 'validate [NAME] [flags] [--json]';

export const validate = command({
	usage: [usage],
	summary:
		'Check a consortium: names, keys, options, parameters and prompt templates; and tell what a question of 200 characters would call and cost. No model is called.',
	flags: {
		...consortiumFlags,
		json: {type: 'boolean', meaning: 'Print JSON.'},
		trustCommands: conversationFlags.trustCommands,
	},
	examples: [
		'validate trio',
		'validate -m gpt-6-luna:3 --arbiter claude-opus-5-5 --budget 0.50',
		'validate trio --json',
	],
	async run({input, flags, place}) {
		const findings = await validated(
			{...flags, consortium: nameIn(input, flags.consortium)},
			place,
		);

		if (flags.trustCommands && findings.consortium) {
			const config = await loadConfig(place);
			const saved = savedConsortiums(config);
			await confirmCommands(wholeOf(findings.consortium, saved), true, {
				place,
				config,
			});
		}

		if (flags.json) {
			place.stdout.write(
				json({
					v: 1,
					isValid: findings.problems.length === 0,
					...findings,
					problems: findings.problems.map(({message, hint}) => ({
						message,
						hint,
					})),
					assumptions,
				}),
			);
		} else {
			tell(findings, place);
		}

		return findings.problems.length === 0 ? 0 : 2;
	},
});

async function validated(
	flags: ConsortiumFlags,
	place: Place,
): Promise<Findings> {
	const world = createWorld();
	const config = await loadConfig(place);
	const ring = await keyRing(place, config);

	return check(
		async () => {
			const chosen = await chooseConsortium(flags, {
				config,
				ring,
				place,
				world,
			});
			return {
				...chosen,
				find: chosen.models.resolve,
				loadPrices: chosen.models.loadPrices,
				findEmbedder: chosen.models.findEmbedder,
			};
		},
		{
			folder: foldersOf(place.environment).config,
			world,
			readHistory: async (consortium, consortiums) =>
				loggedHistory(consortium, place, consortiums),
		},
	);
}

function tell(
	{problems, warnings, notes, consortium, forecast}: Findings,
	place: Place,
): void {
	const {stdout, stderr} = place;

	if (consortium) {
		stdout.write(`${consortium.name}\n${describe(consortium)}`);

		if (forecast) {
			stdout.write(`\n${sumsText(forecast, consortium.name, place)}`);
		}
	}

	for (const note of notes) {
		stdout.write(paragraph(note, stdout));
	}

	if (problems.length === 0) {
		stdout.write('It can be run.\n');
	}

	for (const {message, hint} of problems) {
		stderr.write(paragraph(`✗ ${message}`, stderr));
		stderr.write(hint === '' ? '' : paragraph(`  ${hint}`, stderr));
	}

	tellWarnings(warnings, place);
}

/**
The name of a saved consortium, as a word or with -C.

@throws UserError for two of them.
*/
function nameIn(
	input: readonly string[],
	flag: string | undefined,
): string | undefined {
	if (input.length === 0) {
		return flag;
	}

	const name = oneWord(input, 'The name', usage);

	if (flag !== undefined && flag !== name) {
		throw new UserError(
			`"${name}" and "${flag}" are two consortiums.`,
			'Check one at a time.',
		);
	}

	return name;
}
