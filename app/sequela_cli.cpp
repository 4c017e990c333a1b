#include "app/cli/command_line.h"

#include <string>
#include <vector>

int main(int argc, char** argv)
{
    return sequela::cli::runCommandLine(
        std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
}
