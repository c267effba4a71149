import path from 'node:path';
import {foldersOf} from '../config/folders.js';
import {judgings} from '../core/judging/known.js';
import {kindOf, strategies as known} from '../core/strategies/known.js';
import {type StrategyKind} from '../core/strategy.js';
import {UserError} from '../core/user-error.js';
import {findRoles} from '../prompts.js';
import {wrapped} from '../text/columns.js';
import {plain} from '../text/plain.js';
import {command} from './command.js';
import {json, widthOf} from './table.js';
import {oneWord} from './words.js';

/**
What can be written for --until, and when it is met.
*/
const conditions = [
	{form: 'contains:TEXT', meaning: 'The answer has this text in it.'},
	{
		form: 'regex:PATTERN',
		meaning: 'The answer matches it, as a regular expression of JavaScript.',
	},
	{
		form: 'agreement>=X',
		meaning: 'At least this share of the answers say the same, 0 to 1.',
	},
	{
		form: 'confidence>=X',
		meaning: 'The verdict states at least this confidence, 0 to 1.',
	},
	{
		form: 'command:LINE',
		meaning:
			'A command of your own, which reads the answer on standard input, ends with 0.',
	},
];

const listed = (kind: StrategyKind) => {
	const {name, meaning, decides, parameters} = kind;
	return {name, meaning, decides, notWith: rivalsOf(kind), parameters};
};

/**
The strategies that decide something that it decides, too.
*/
function rivalsOf({name, decides}: StrategyKind): string[] {
	return known
		.filter(
			other =>
				other.name !== name &&
				other.decides.some(aspect => decides.includes(aspect)),
		)
		.map(other => other.name);
}

function aspectLines(kind: StrategyKind): string[] {
	const rivals = rivalsOf(kind);

	return [
		...(kind.decides.length === 0
			? []
			: [`It decides ${kind.decides.join(', ')}.`]),
		...(rivals.length === 0
			? []
			: [`It cannot be combined with ${rivals.join(', ')}.`]),
	];
}

const usage = 'strategies [NAME] [--json]';

export const strategies = command({
	usage: [usage],
	summary:
		'List the ways to run a consortium, with their parameters, the roles that can be given out, the ways of judging, and the conditions of --until; with a name, that strategy alone.',
	flags: {json: {type: 'boolean', meaning: 'Print JSON.'}},
	examples: ['strategies', 'strategies voting', 'strategies --json'],
	async run({input, flags, place}) {
		const kinds =
			input.length === 0
				? known
				: [kindOf(oneWord(input, 'The strategy', usage))];
		const folder = path.join(foldersOf(place.environment).config, 'prompts');
		const roles = [...findRoles(folder)].map(([name, textOf]) => ({
			name,
			...said(textOf),
		}));

		if (flags.json) {
			place.stdout.write(
				json({
					strategies: kinds.map(kind => ({
						...listed(kind),
						...(kind.name === 'role' && {roles}),
					})),
					...(kinds === known && {
						judging: judgings.map(({name, meaning}) => ({name, meaning})),
						until: conditions,
					}),
				}),
			);
			return 0;
		}

		const width = Math.max(20, widthOf(place) - 2);
		const block = (title: string, lines: readonly string[]) =>
			`${[title, ...lines.flatMap(line => wrapped(plain(line), width))].join('\n  ')}\n`;
		const text = kinds.map(kind => {
			const {name, meaning, parameters} = kind;
			return block(name, [
				meaning,
				...aspectLines(kind),
				...(parameters.length === 0 ? ['It has no parameters.'] : []),
				...parameters.map(
					parameter =>
						`${parameter.name}, ${parameter.form}${parameter.default === null ? '' : ` (${JSON.stringify(parameter.default)})`}: ${parameter.meaning}`,
				),
			]);
		});
		const rolesText = block(
			'\nroles',
			roles.map(
				({name, text: told, problem}) =>
					`${name}: ${told?.replaceAll(/\s+/gv, ' ') ?? problem}`,
			),
		);

		if (kinds !== known) {
			place.stdout.write(
				`${text.join('')}${kinds[0]!.name === 'role' ? rolesText : ''}`,
			);
			return 0;
		}

		place.stdout.write(
			[
				...text,
				rolesText,
				block(
					'\njudging',
					judgings.map(({name, meaning}) => `${name}: ${meaning}`),
				),
				block(
					'\nuntil',
					conditions.map(({form, meaning}) => `${form}: ${meaning}`),
				),
			].join(''),
		);
		return 0;
	},
});

/**
The text of a role, or why it has none.
*/
function said(textOf: () => string): {
	readonly text: string | null;
	readonly problem: string | null;
} {
	try {
		return {text: textOf(), problem: null};
	} catch (error) {
		if (error instanceof UserError) {
			return {text: null, problem: error.message};
		}

		throw error;
	}
}
