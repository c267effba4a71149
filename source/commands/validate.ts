import path from 'node:path';
import {foldersOf} from '../config/folders.js';
import {type SavedConsortium} from '../core/consortium.js';
import {assumptions, forecastRun, type Forecast} from '../core/forecast.js';
import {type Model} from '../core/model.js';
import {obstacles} from '../core/preflight.js';
import {type Templates} from '../core/template.js';
import {UserError} from '../core/user-error.js';
import {readTemplate, templateNames} from '../prompts.js';
import {namesOf} from '../providers/cast.js';
import {createWorld} from '../world.js';
import {chooseConsortium} from './choose.js';
import {command, type Place} from './command.js';
import {consortiumFlags, type ConsortiumFlags} from './consortium-flags.js';
import {describe} from './describe.js';
import {sumsText} from './forecast.js';
import {keyRing} from './key-ring.js';
import {loadConfig} from './load-config.js';
import {json, paragraph} from './table.js';
import {priceWarnings, tellWarnings} from './warnings.js';
import {oneWord} from './words.js';

const usage = 'validate [NAME] [flags] [--json]';

/**
As long as most questions are, in characters.
*/
const question = 'x'.repeat(200);

export const validate = command({
	usage: [usage],
	summary:
		'Check a consortium: names, keys, options, parameters and prompt templates; and tell what a question of 200 characters would call and cost. No model is called.',
	flags: {
		...consortiumFlags,
		json: {type: 'boolean', meaning: 'Print JSON.'},
	},
	examples: [
		'validate trio',
		'validate -m gpt-6-luna:3 --arbiter claude-opus-5-5 --budget 0.50',
		'validate trio --json',
	],
	async run({input, flags, place}) {
		const findings = await check(
			{...flags, consortium: nameIn(input, flags.consortium)},
			place,
		);

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

type Findings = {
	readonly problems: readonly UserError[];
	readonly warnings: readonly string[];

	/**
	Null when not even that could be made out.
	*/
	readonly consortium: SavedConsortium | null;

	/**
	Null when it cannot be run.
	*/
	readonly forecast: Forecast | null;
};

async function check(flags: ConsortiumFlags, place: Place): Promise<Findings> {
	const world = createWorld();
	const config = await loadConfig(place);
	const ring = await keyRing(place, config);
	const {problems, attempt} = collector();
	const templates = await templatesIn(
		path.join(foldersOf(place.environment).config, 'prompts'),
		attempt,
	);
	const chosen = await attempt(async () =>
		chooseConsortium(flags, {config, ring, place, world}),
	);

	if (!chosen) {
		return {problems, warnings: [], consortium: null, forecast: null};
	}

	const {consortium, isOwn} = chosen;
	const models = new Map<string, Model>();

	for (const name of namesOf(consortium)) {
		const model = await attempt(async () => chosen.models.resolve(name));

		if (model) {
			models.set(name, model);
		}
	}

	await chosen.models.loadPrices();
	problems.push(...obstacles(consortium, models));

	const forecast =
		templates && problems.length === 0
			? await forecastRun(consortium, question, {models, templates, world})
			: null;

	if (forecast?.calls.length === 0 && forecast.limit !== null) {
		problems.push(
			new UserError(
				forecast.limit,
				'Raise it, or ask cheaper models: not one would be called.',
			),
		);
	}

	const warnings = isOwn ? [...chosen.warnings, ...priceWarnings(models)] : [];
	return {problems, warnings, consortium, forecast};
}

function tell(
	{problems, warnings, consortium, forecast}: Findings,
	place: Place,
): void {
	const {stdout, stderr} = place;

	if (consortium) {
		stdout.write(`${consortium.name}\n${describe(consortium)}`);
	}

	if (forecast) {
		stdout.write(`\n${sumsText(forecast, place)}`);
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

type Attempt = <Value>(work: () => Promise<Value>) => Promise<Value | null>;

/**
Gathers what is wrong instead of stopping at the first; the same is said once.
*/
function collector() {
	const problems: UserError[] = [];
	const attempt: Attempt = async work => {
		try {
			return await work();
		} catch (error) {
			if (!(error instanceof UserError)) {
				throw error;
			}

			if (problems.every(({message}) => message !== error.message)) {
				problems.push(error);
			}

			return null;
		}
	};

	return {problems, attempt};
}

async function templatesIn(
	folder: string,
	attempt: Attempt,
): Promise<Templates | null> {
	const templates = await Promise.all(
		templateNames.map(
			async name =>
				[name, await attempt(async () => readTemplate(name, folder))] as const,
		),
	);

	return templates.some(([, template]) => template === null)
		? null
		: (Object.fromEntries(templates) as Templates);
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
