import {type Section} from './sections.js';
import {plainName} from './tokens.js';

/**
A verdict written as a JSON object, alone or after a few words, as the sections it stands for; null when the text is something else. Keys are compared by `plainName`.
*/
export function sectionsInJson(
	text: string,
	names: readonly string[],
): Section[] | null {
	const start = text.indexOf('{');

	if (start === -1 || text.slice(0, start).includes('<')) {
		return null;
	}

	try {
		const value = JSON.parse(
			text.slice(start, text.lastIndexOf('}') + 1),
		) as Record<string, unknown>;
		const sections = Object.entries(value)
			.map(([key, item]) => ({name: plainName(key), item}))
			.filter(({name, item}) => names.includes(name) && item !== null)
			.map(({name, item}) => ({
				name,
				attributes: '',
				content: contentOf(name, item),
				isClosed: true,
				isDoubtful: false,
			}));
		return sections.length > 0 ? sections : null;
	} catch {
		// Not JSON, or nested deeper than can be read.
		return null;
	}
}

/**
A value in the form that its section has between tags.
*/
function contentOf(name: string, value: unknown): string {
	if (!Array.isArray(value)) {
		return asText(value);
	}

	switch (name) {
		case 'dissent': {
			return value.map(point => pointOf(point)).join('\n');
		}

		case 'groups': {
			return value.map(group => listed(group, ',')).join('|');
		}

		case 'ranking': {
			return value.map(level => listed(level, '=')).join('>');
		}

		case 'refinementareas': {
			return value.map(area => `<area>${asText(area)}</area>`).join('\n');
		}

		default: {
			return value.map(item => asText(item)).join('\n');
		}
	}
}

function pointOf(point: unknown): string {
	if (typeof point !== 'object' || point === null) {
		return `<point>${asText(point)}</point>`;
	}

	const {text, point: words, labels, who} = point as Record<string, unknown>;
	const named = listed(labels ?? who ?? [], ',').replaceAll(/[<>"]/g, '');
	return `<point labels="${named}">${asText(text ?? words ?? point)}</point>`;
}

/**
One label, or a list of them.
*/
function listed(value: unknown, separator: string): string {
	return [value]
		.flat(Infinity)
		.map(item => asText(item ?? ''))
		.join(separator);
}

function asText(value: unknown): string {
	return typeof value === 'string' ? value : JSON.stringify(value);
}
