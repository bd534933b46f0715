/** Names for runs without one: `adjective-animal`, as in Prefect. */

const ADJECTIVES =
  "able amber ancient arctic ardent azure balmy bold brave breezy bright brisk calm candid careful cerulean cheerful chilly clever cobalt copper coral cosmic crimson crisp curious dapper daring dazzling deft devout dusty eager earnest easygoing elegant emerald energetic esoteric fearless fervent festive fiery fine fluffy fond fragrant frosty gallant gentle gifted gleeful golden graceful grateful great green handsome happy hasty hazel helpful hidden honest humble indigo intrepid ivory jolly keen kind lavender lively loyal lucky lunar magenta majestic mellow merry mighty mindful misty modest natural neat nimble noble olive opal optimistic orange pacific patient peach peaceful pearl perky placid plucky polished proud prudent quick quiet radiant rapid refined robust rosy ruby rustic sage sandy sapphire scarlet serene sharp shiny silent silver sincere sleek smart solar spry steadfast stellar sturdy sunny swift tactful tan teal tidy tranquil true turquoise unique upbeat valiant velvet vibrant vigilant violet vivid warm whimsical wise witty zealous zippy".split(
    " ",
  );

const ANIMALS =
  "aardvark albatross alpaca anaconda ant antelope armadillo auk axolotl badger barracuda bat bear beetle bison boar bobcat buffalo bustard butterfly camel capybara caracal caribou cassowary cat chameleon cheetah chicken chinchilla chipmunk cicada civet clam cobra condor cormorant cougar coyote crab crane cricket crocodile crow cuckoo curlew deer dingo dodo dolphin donkey dove dragonfly duck dugong eagle echidna eel egret elephant elk emu falcon ferret finch flamingo fox frog gazelle gecko gibbon giraffe goat goose gopher gorilla grouse gull hamster hare harrier hawk hedgehog heron hippo hornet horse hyena ibex ibis iguana impala jackal jaguar jay jellyfish kangaroo kestrel kingfisher kiwi koala kudu lark lemming lemur leopard lion lizard llama lobster loon lynx macaw magpie mammoth manatee mandrill marmot marten meerkat mink mole mongoose moose moth mouse mule narwhal newt nightingale ocelot octopus okapi orca oriole oryx ostrich otter owl ox oyster panda panther parrot peacock pelican penguin pheasant pig pigeon platypus pony porcupine puffin puma quail quetzal rabbit raccoon raven rhino robin salamander salmon scorpion seahorse seal shark sheep skink sloth snail sparrow squid squirrel starling stork swallow swan swift tapir tarantula termite tiger toad toucan trout turkey turtle viper vulture wallaby walrus wasp weasel whale wolf wolverine wombat woodpecker worm yak zebra".split(
    " ",
  );

/** A name derived from the run's UUID. */
export function runName(id: string): string {
  const bits = Number.parseInt(id.slice(-12), 16);
  const adjective = ADJECTIVES[bits % ADJECTIVES.length];
  const animal = ANIMALS[Math.floor(bits / ADJECTIVES.length) % ANIMALS.length];
  return `${adjective}-${animal}`;
}
