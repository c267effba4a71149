import {type AppState} from './app-state.js';
import {commands} from './commands.js';
import {
	menuOf,
	type Menu,
	type SlashCommand,
	type SlashValue,
} from './composer/completion.js';
import {oneLine} from './overlays/rows.js';
import {setValues} from './set-values.js';
import {themeNames} from './theme.js';

const providers = [
	['openai', 'OpenAI'],
	['anthropic', 'Anthropic'],
	['gemini', 'Google Gemini'],
	['openrouter', 'OpenRouter'],
] as const;

/**
The commands that can be typed after a slash, with what can follow them now.
*/
export function slashCommandsFor(
	state: Pick<AppState, 'choice' | 'choices' | 'settings'>,
): readonly SlashCommand[] {
	return commands.flatMap(({id, slash, argument, title}) =>
		slash === null
			? []
			: [{name: slash, argument, title, values: valuesOf(id, state)}],
	);
}

/**
What the box offers to complete; null when there is no menu.
*/
export function slashMenuOf(state: AppState): Menu | null {
	return menuOf(state.composer, slashCommandsFor(state));
}

function valuesOf(
	id: (typeof commands)[number]['id'],
	{
		choice,
		choices,
		settings,
	}: Pick<AppState, 'choice' | 'choices' | 'settings'>,
): SlashValue[] {
	const chosen = (value: string, isNow: boolean): SlashValue => ({
		value,
		title: isNow ? 'as it is now' : '',
	});

	switch (id) {
		case 'theme': {
			return ['auto', ...themeNames].map(name =>
				chosen(name, name === settings.theme),
			);
		}

		case 'bell': {
			return [chosen('on', settings.bell), chosen('off', !settings.bell)];
		}

		case 'switch': {
			return choices.map(({consortium: {name, members}}) => ({
				value: name,
				title: oneLine(members.map(({model}) => model).join(', ')),
			}));
		}

		case 'set': {
			return choice ? setValues(choice.consortium, choices) : [];
		}

		case 'budget': {
			const budget = choice?.consortium.limits.budgetUsd ?? null;
			const now = usdText(budget);
			return [
				{
					value: 'none',
					title: `no limit; or US dollars, such as 0.5 (now ${now})`,
				},
				{
					value: 'day',
					title: `and what all runs of a day may cost, or none (now ${usdText(settings.dailyLimitUsd)})`,
				},
			];
		}

		case 'key': {
			return providers.map(([value, title]) => ({value, title}));
		}

		default: {
			return [];
		}
	}
}

const usdText = (usd: number | null) => (usd === null ? 'none' : `$${usd}`);
