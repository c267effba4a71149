import {type Instance} from './consortium.js';
import {fill, type Templates} from './template.js';

/**
What an instance is told before everything else.
*/
export function memberSystem(
	{system, roleText}: Pick<Instance, 'system' | 'roleText'>,
	templates: Templates,
): string {
	const shared = fill(templates.member, {
		system: (system ?? templates.system.text).trim(),
	});

	// What is said to one alone comes last, so that all share a beginning.
	return roleText === null ? shared : `${shared}\n\n${roleText.trim()}`;
}
