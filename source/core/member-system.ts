import {type Instance} from './consortium.js';
import {fill, type Templates} from './template.js';

/**
What an instance is told before everything else.
*/
export function memberSystem(
	{system}: Pick<Instance, 'system'>,
	templates: Templates,
): string {
	return fill(templates.member, {
		system: (system ?? templates.system.text).trim(),
	});
}
